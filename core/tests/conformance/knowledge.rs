//! Steps of `conformance/retrieval/` on what is known as a whole: profiles, paths, contexts and documents.

use ebbmark::{Connection, ContextQuery, NewDocument, PathQuery, Split, Tenant, View};
use serde_json::{Value as Json, json};

use super::{Run, Shown, lower, moment, retrieval, scope, strings, text};

fn view(step: &Json) -> View {
    View { valid_at: moment(&step["valid_at"]), as_of: moment(&step["as_of"]) }
}

impl Run {
    pub(super) fn on_knowledge(&mut self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        match verb {
            "profile" => self.profile(tenant, step),
            "path" => self.path(tenant, step),
            "context" => self.packed(tenant, step),
            "add_document" => self.document(tenant, step),
            "document" => {
                let passages = tenant.document(step["name"].as_str().unwrap())?;
                let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
                let places = passages.iter().filter_map(|passage| passage.passage.as_ref());
                let headings: Vec<String> = places.map(|place| place.heading()).collect();
                let ids = self.names(passages.iter().map(|passage| passage.id));
                Ok(json!({"count": texts.len(), "texts": texts, "headings": headings, "ids": ids}))
            }
            "delete_document" => {
                let receipt = tenant.delete_document(step["name"].as_str().unwrap())?;
                Ok(json!({"removed": receipt.removed.len()}))
            }
            other => panic!("no such verb: {other}"),
        }
    }

    fn profile(&self, tenant: &Tenant, step: &Json) -> Shown {
        let profile = tenant.profile(step["name"].as_str().unwrap(), view(step))?;
        let of_kind: Vec<Json> = profile
            .facts
            .iter()
            .map(|(kind, facts)| json!([lower(kind), self.names(facts.iter().map(|fact| fact.id))]))
            .collect();
        let neighbors: Vec<&str> = profile.neighbors.iter().map(|neighbor| neighbor.name.as_str()).collect();
        Ok(json!({
            "names": profile.names, "of_kind": of_kind, "neighbors": neighbors, "disputed": profile.disputed.len(),
            "mentions": self.names(profile.mentions.iter().copied()), "more": profile.more,
        }))
    }

    fn path(&self, tenant: &Tenant, step: &Json) -> Shown {
        let hops = step["hops"].as_u64().map_or(PathQuery::default().hops, |hops| hops as usize);
        let query = PathQuery { hops, view: view(step) };
        let (from, to) = (step["start"].as_str().unwrap(), step["end"].as_str().unwrap());
        Ok(match tenant.path(from, to, &query)? {
            Connection::Found(path) => {
                let names: Vec<&str> = path.steps.iter().map(|step| step.to.as_str()).collect();
                let relations: Vec<Option<&str>> =
                    path.steps.iter().map(|step| step.relation.as_deref()).collect();
                let ids = self.names(path.steps.iter().map(|step| step.atom.id));
                json!({"found": "path", "names": names, "relations": relations, "ids": ids})
            }
            Connection::None => json!({"found": "none"}),
            Connection::Cut => json!({"found": "cut"}),
        })
    }

    fn packed(&self, tenant: &Tenant, step: &Json) -> Shown {
        let mut query = ContextQuery::from(text(&step["text"]).unwrap());
        query.query.filter = retrieval::filter_of(step);
        query.query.view = view(step);
        query.neighbours = step["neighbours"].as_u64().unwrap_or(1) as usize;
        let context = tenant.context(query, step["budget"].as_u64().unwrap() as usize)?;
        assert!(context.tokens <= context.budget);
        Ok(json!({
            "printed": context.text, "ids": self.names(context.citations.iter().map(|citation| citation.id)),
            "left_out": context.left_out, "tokens": context.tokens,
        }))
    }

    fn document(&mut self, tenant: &Tenant, step: &Json) -> Shown {
        let mut document = NewDocument::new(step["name"].as_str().unwrap(), text(&step["text"]).unwrap());
        document.title = text(&step["title"]);
        document.scope = scope(step);
        if let Some(words) = step["words"].as_u64() {
            let overlap = step["overlap"].as_u64().unwrap_or(0) as usize;
            document.split = Split { words_max: words as usize, overlap };
        }
        let receipt = tenant.add_document(document)?;
        let names = strings(&step["as"]);
        let new: Vec<_> = names.into_iter().zip(receipt.passages.iter().copied()).collect();
        for (name, id) in new {
            // A passage keeps the name that it was given first.
            if !self.ids.values().any(|known| *known == id) {
                self.ids.insert(name, id);
            }
        }
        Ok(json!({
            "added": receipt.added.len(), "kept": receipt.kept.len(), "moved": receipt.moved.len(),
            "removed": receipt.removed.len(), "ids": self.names(receipt.passages.iter().copied()),
        }))
    }
}
