//! A small graph, made for one question and thrown away: the cheapest way from one node to another.
//!
//! The one file that names petgraph; its indices stay in it.

use petgraph::algo::dijkstra;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;

/// A link between two nodes.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// What it costs to go along it, 1 or more.
    cost: u64,
    id: u128,
}

/// Nodes, which are numbers from 0 on, and links between them that lead both ways.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ways(UnGraph<(), Link>);

impl Ways {
    /// Adds a link. There may be several between two nodes.
    pub(crate) fn link(&mut self, one: u32, other: u32, cost: u64, id: u128) {
        while self.0.node_count() <= one.max(other) as usize {
            self.0.add_node(());
        }
        self.0.add_edge(node(one), node(other), Link { cost: cost.max(1), id });
    }

    /// The ids of the links of the cheapest way, in its order; of several the one with the smaller id where they part.
    /// `None` if no way leads there.
    pub(crate) fn cheapest(&self, from: u32, to: u32) -> Option<Vec<u128>> {
        let mut way = Vec::new();
        if from == to {
            return Some(way);
        }
        self.0.node_weight(node(to))?;
        let left = dijkstra(&self.0, node(to), None, |link| link.weight().cost);
        let mut at = node(from);
        while at != node(to) {
            let cost = *left.get(&at)?;
            let is_best = |rest: Option<&u64>, link: &Link| {
                rest.is_some_and(|rest| rest.saturating_add(link.cost) == cost)
            };
            let links = self.0.edges(at).filter(|link| is_best(left.get(&link.target()), link.weight()));
            let next = links.min_by_key(|link| link.weight().id)?;
            way.push(next.weight().id);
            at = next.target();
        }
        Some(way)
    }
}

fn node(number: u32) -> NodeIndex {
    NodeIndex::new(number as usize)
}

#[cfg(test)]
mod tests {
    use super::Ways;

    #[test]
    fn the_cheapest_way_is_found_and_ids_decide_between_equals() {
        let mut ways = Ways::default();
        for (one, other, cost, id) in [
            (0, 1, 5, 9),
            (1, 3, 5, 1),
            (0, 2, 5, 4),
            (2, 3, 5, 7),
            (0, 3, 11, 0),
            (2, 3, 5, 6),
            (4, 5, 1, 8),
        ] {
            ways.link(one, other, cost, id);
        }
        assert_eq!(ways.cheapest(0, 3), Some(vec![4, 6]));
        assert_eq!(ways.cheapest(3, 0), Some(vec![1, 9]));
        assert_eq!(ways.cheapest(0, 0), Some(vec![]));
        assert_eq!((ways.cheapest(0, 5), ways.cheapest(0, 77), ways.cheapest(77, 0)), (None, None, None));
    }
}
