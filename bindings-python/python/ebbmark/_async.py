"""The handles for asyncio: the same methods, each run in a thread and awaited. It is made by scripts/stubs.py from the compiled module; `make stubs` makes it again.

A call that is cancelled while it waits goes on in its thread, and is durable or not as if it had been waited for.
"""

from __future__ import annotations

import builtins
from asyncio import to_thread
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Self

from ebbmark._ebbmark import (
    Absence,
    Assertion,
    Atom,
    AuditPage,
    CacheFigures,
    CallbackFigures,
    CallbackOptions,
    Change,
    Condition,
    Conflict,
    Connection,
    Context,
    Crossing,
    DecayReport,
    DocumentReceipt,
    Dropped,
    Effect,
    Episode,
    Explanation,
    FacetCounts,
    Fading,
    Field,
    Filter,
    Health,
    Hit,
    Lease,
    Maintainer,
    MaintenanceReport,
    ManualClock,
    MemoryState,
    Metrics,
    Neighbor,
    NewEpisode,
    Page,
    PendingReport,
    PendingWork,
    Permit,
    Predicate,
    Profile,
    Receipt,
    ReembedReport,
    RetentionReport,
    Revision,
    Scope,
    SearchExplanation,
    SearchPage,
    Stats,
    Store,
    Subscription,
    Tenant,
    TenantConfig,
    TimelinePage,
    Usage,
    UsageReport,
    Weights,
    WorkingSetFigures,
)
from ebbmark._names import Access, Cause, Extraction, Grade, Kind, Order, Provenance, Role, Trust
from ebbmark._types import (
    CountFunction,
    EmbedFunction,
    ExtractFunction,
    Facet,
    GuardFunction,
    Json,
    ProgressFunction,
    RerankFunction,
    StrPath,
    SummarizeFunction,
    VectorLike,
)


class AsyncMaintainer:
    """`Maintainer` for asyncio: its methods are awaited."""

    def __init__(self, sync: Maintainer) -> None:
        self._sync = sync

    @property
    def sync(self) -> Maintainer:
        """The handle whose calls wait."""
        return self._sync

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await to_thread(self._sync.__exit__, kind, raised, traceback)

    async def last(self) -> tuple[int, MaintenanceReport | None]:
        """How many rounds are done, and the report of the last one, if it did not fail.

        Raises:
            EbbmarkError: The last round failed."""
        return await to_thread(self._sync.last)

    async def stop(self) -> None:
        """Stops it, after the round that is under way. Stopping it again does nothing."""
        return await to_thread(self._sync.stop)


class AsyncStore:
    """`Store` for asyncio: its methods are awaited."""

    def __init__(
        self,
        path: StrPath,
        *,
        create: bool = True,
        read_only: bool = False,
        cache_bytes: int | None = None,
        working_set_bytes: int | None = None,
        embedder: EmbedFunction | Literal["built-in"] | None = "built-in",
        dimensions: int | None = None,
        space: str | None = None,
        extraction: Extraction | None = None,
        extractor: ExtractFunction | None = None,
        guard: GuardFunction | None = None,
        reranker: RerankFunction | None = None,
        token_counter: CountFunction | None = None,
        summarizer: SummarizeFunction | None = None,
        callbacks: CallbackOptions | None = None,
        embedding_cache_bytes: int | None = None,
        query_cache_bytes: int | None = None,
        clock: ManualClock | None = None,
        id_seed: int | None = None,
    ) -> None:
        self._sync = Store(
            path,
            create=create,
            read_only=read_only,
            cache_bytes=cache_bytes,
            working_set_bytes=working_set_bytes,
            embedder=embedder,
            dimensions=dimensions,
            space=space,
            extraction=extraction,
            extractor=extractor,
            guard=guard,
            reranker=reranker,
            token_counter=token_counter,
            summarizer=summarizer,
            callbacks=callbacks,
            embedding_cache_bytes=embedding_cache_bytes,
            query_cache_bytes=query_cache_bytes,
            clock=clock,
            id_seed=id_seed,
        )

    @property
    def sync(self) -> Store:
        """The handle whose calls wait."""
        return self._sync

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await to_thread(self._sync.__exit__, kind, raised, traceback)

    async def callbacks(self) -> CallbackFigures:
        """How often callbacks were called and failed."""
        return await to_thread(self._sync.callbacks)

    async def close(self) -> None:
        """Closes the store, after the calls that are under way. Handles of its tenants are of no more use. Closing it again does
        nothing."""
        return await to_thread(self._sync.close)

    async def embedding_cache(self) -> CacheFigures:
        """How the cache of vectors does."""
        return await to_thread(self._sync.embedding_cache)

    async def erase_tenant(self, name: str) -> bool:
        """Erases a tenant with all that it holds. Gives whether it held anything. Handles of it are of no more use.

        Raises:
            DeniedError: The store was opened for reading only."""
        return await to_thread(self._sync.erase_tenant, name)

    async def health(self) -> Health:
        """Whether all is well, and if not, what to do."""
        return await to_thread(self._sync.health)

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened for reading only."""
        return self._sync.is_read_only

    async def maintain(
        self, *, records: int = 10000, time: timedelta | float | None = None
    ) -> MaintenanceReport:
        """Does what is due in all tenants; see `Tenant.maintain`.

        Args:
            records: Records that are looked at, at most.
            time: How long it may take, as a timedelta or in seconds; a second unless given."""
        return await to_thread(self._sync.maintain, records=records, time=time)

    async def metrics(self, *, tenants: bool = False) -> Metrics:
        """Counts of calls, durations, caches and callbacks since the store was opened; with `tenants`, figures of each tenant
        whose indexes are loaded."""
        return await to_thread(self._sync.metrics, tenants=tenants)

    @property
    def path(self) -> str:
        """The path that it was opened with."""
        return self._sync.path

    async def query_cache(self) -> CacheFigures:
        """How the cache of answers does."""
        return await to_thread(self._sync.query_cache)

    async def start_maintenance(
        self, every: timedelta | float, *, records: int = 10000, time: timedelta | float | None = None
    ) -> AsyncMaintainer:
        """Starts a thread that does what is due in all tenants, again and again. Keep what is returned: the thread ends when that
        is stopped or let go.

        Args:
            every: How often, as a timedelta or in seconds; a second or more.
            records, time: The budget of a round."""
        return AsyncMaintainer(
            await to_thread(self._sync.start_maintenance, every, records=records, time=time)
        )

    async def tenant(
        self,
        name: str,
        *,
        access: Access | None = None,
        actor: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
    ) -> AsyncTenant:
        """A handle of a tenant, which need not exist yet.

        Args:
            name: 1 to 256 bytes without control characters.
            access: What the handle may do: "read_only", "read_write" (unless given; "read_only" in a store that was opened so),
                or "admin", which also configures the tenant, defines predicates, and reads and prunes the audit.
            actor: Who acts, for the history; "host" unless given.
            user, agent, session: Labels of what is added through it; they narrow what is found through it.

        Raises:
            InvalidInputError: A name is empty, too long, or has control characters."""
        return AsyncTenant(
            await to_thread(
                self._sync.tenant, name, access=access, actor=actor, user=user, agent=agent, session=session
            )
        )

    async def tenants(self) -> list[str]:
        """The names of the tenants that hold something, in order."""
        return await to_thread(self._sync.tenants)

    async def usage(self) -> UsageReport:
        """What each tenant holds."""
        return await to_thread(self._sync.usage)

    async def working_sets(self) -> WorkingSetFigures:
        """How the indexes in memory do."""
        return await to_thread(self._sync.working_sets)


class AsyncSubscription:
    """`Subscription` for asyncio: its methods are awaited."""

    def __init__(self, sync: Subscription) -> None:
        self._sync = sync

    @property
    def sync(self) -> Subscription:
        """The handle whose calls wait."""
        return self._sync

    def __aiter__(self) -> Self:
        """The changes, each waited for; it does not end by itself."""
        return self

    async def __anext__(self) -> Change | Dropped:
        # A thread that waits cannot be cancelled: it waits for a while only.
        while (found := await to_thread(self._sync.next, 0.5)) is None:
            pass
        return found

    async def next(self, timeout: timedelta | float | None = None) -> Change | Dropped | None:
        """The next change, or how many were `Dropped`; None if there is none in time.

        Args:
            timeout: How long it is waited for, as a timedelta or in seconds; not at all unless given."""
        return await to_thread(self._sync.next, timeout)


class AsyncTenant:
    """`Tenant` for asyncio: its methods are awaited."""

    def __init__(self, sync: Tenant) -> None:
        self._sync = sync

    @property
    def sync(self) -> Tenant:
        """The handle whose calls wait."""
        return self._sync

    @property
    def access(self) -> Access:
        """What this handle may do."""
        return self._sync.access

    @property
    def actor(self) -> str:
        """Who acts through this handle."""
        return self._sync.actor

    async def add(
        self,
        episodes: str | NewEpisode | Iterable[str | NewEpisode],
        *,
        role: Role = "user",
        speaker: str | None = None,
        title: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        occurred_at: datetime | None = None,
        expires_at: datetime | None = None,
        importance: float | None = None,
        metadata: Mapping[str, Json] | None = None,
        trust: Trust | None = None,
        vector: VectorLike | None = None,
        idempotency_key: str | None = None,
        progress: ProgressFunction | None = None,
    ) -> Receipt:
        """Adds what was said, and what it says: claims are drawn from it, and each is judged. When it returns, all of it is
        durable and found. All episodes are checked before the first is written; more than 64 are several commits, and if the
        machine fails between them, the same call with the same idempotency key adds just the rest.

        Args:
            episodes: A str, a `NewEpisode`, or up to 100,000 of them. A text has 1 byte to 1 MiB.
            role, speaker, title, user, agent, session, occurred_at, expires_at, importance, metadata, trust, vector:
                As in `NewEpisode`, for what is given as str.
            idempotency_key: 1 to 256 bytes: a later call with the same key and episodes adds nothing.
            progress: A function of the number of episodes that were finished since it was last called.

        Raises:
            InvalidInputError: A text, label, vector, number or time cannot be taken (`text.*`, `name.invalid`, `vector.*`, ...).
            ConflictError: The key was used with other episodes (`idempotency.mismatch`).
            DeniedError: The guard rejected an episode (`guard.rejected`).
            QuotaExceededError: The tenant may not hold so much.

        A failing embedder or extractor is no error: the receipt tells, and `process_pending` asks again."""
        return await to_thread(
            self._sync.add,
            episodes,
            role=role,
            speaker=speaker,
            title=title,
            user=user,
            agent=agent,
            session=session,
            occurred_at=occurred_at,
            expires_at=expires_at,
            importance=importance,
            metadata=metadata,
            trust=trust,
            vector=vector,
            idempotency_key=idempotency_key,
            progress=progress,
        )

    async def add_document(
        self,
        name: str,
        text: str,
        *,
        title: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        occurred_at: datetime | None = None,
        metadata: Mapping[str, Json] | None = None,
        trust: Trust | None = None,
        words_max: int = 180,
        overlap: int | None = None,
        progress: ProgressFunction | None = None,
    ) -> DocumentReceipt:
        """Adds a document, or replaces the one of its name: it is split into passages along its headings and paragraphs.
        Passages that were there before keep their id, vector, uses and claims; the same document again writes nothing.

        Args:
            name: 1 to 256 bytes; one of the handle's user.
            text: Markdown or plain text, 1 byte to 16 MiB.
            title: Searched with every passage; the first heading, or the name, unless given.
            words_max: Words of a passage at most, 20 to 2000.
            overlap: Words that a passage repeats of the one before it, half of words_max at most; a sixth of it
                unless given.
            progress: A function of the number of passages that were finished since it was last called.

        Raises:
            InvalidInputError, DeniedError, QuotaExceededError: As `add`. Nothing was written."""
        return await to_thread(
            self._sync.add_document,
            name,
            text,
            title=title,
            user=user,
            agent=agent,
            session=session,
            occurred_at=occurred_at,
            metadata=metadata,
            trust=trust,
            words_max=words_max,
            overlap=overlap,
            progress=progress,
        )

    async def assert_fact(
        self,
        subject: str,
        predicate: str,
        object: str,
        *,
        negated: bool = False,
        contexts: Iterable[str] | None = None,
        kind: Kind | None = None,
        provenance: Provenance = "stated",
        confidence: float = 1.0,
        trust: Trust | None = None,
        holder: str | None = None,
        distance: int | None = None,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        said_at: datetime | None = None,
        supports: Iterable[str] | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        vector: VectorLike | None = None,
    ) -> Assertion:
        """Asserts a claim: it is judged against what is known, and the verdict says what became of it and why.

        Args:
            subject, predicate, object: 1 to 2048 bytes each.
            negated: That it is not so.
            contexts: When it holds only in some situations: which; 16 at most.
            kind: How it fades; the predicate's unless given.
            provenance: Where it comes from.
            confidence: 0 to 1.
            trust: How far its source is trusted; high unless given.
            holder: Whose belief it is, if not the speaker's.
            valid_from, valid_to: When it holds in the world; open unless given.
            said_at: When it was said; now unless given.
            supports: Episodes that it rests on; 64 at most.

        Raises:
            InvalidInputError: A part cannot be taken.
            NotFoundError: There is no such episode among `supports`."""
        return await to_thread(
            self._sync.assert_fact,
            subject,
            predicate,
            object,
            negated=negated,
            contexts=contexts,
            kind=kind,
            provenance=provenance,
            confidence=confidence,
            trust=trust,
            holder=holder,
            distance=distance,
            valid_from=valid_from,
            valid_to=valid_to,
            said_at=said_at,
            supports=supports,
            user=user,
            agent=agent,
            session=session,
            vector=vector,
        )

    async def at_risk(self, within: timedelta | float, *, limit: int = 100) -> builtins.list[Fading]:
        """The atoms that will dissolve within a span of time, first ones first, if they are not used.

        Args:
            within: As a timedelta or in seconds.
            limit: 1 to 1000."""
        return await to_thread(self._sync.at_risk, within, limit=limit)

    async def audit(
        self,
        *,
        record: str | None = None,
        cause: Cause | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> AuditPage:
        """Who did what, newest first, a page at a time. Needs "admin" access.

        Args:
            record, cause, actor: Only entries of these.
            since, until: Only entries from a moment until another (exclusive).
            after: The `next` of the page before; the first page unless given.
            limit: 1 to 1000."""
        return await to_thread(
            self._sync.audit,
            record=record,
            cause=cause,
            actor=actor,
            since=since,
            until=until,
            after=after,
            limit=limit,
        )

    async def changes(self, since: int = 0, *, limit: int = 1000) -> builtins.list[Change]:
        """The changes after a version of the tenant, in order; up to `limit`, 1 to 1000, or a few more so that none is cut apart."""
        return await to_thread(self._sync.changes, since, limit=limit)

    async def config(self) -> TenantConfig:
        """What the tenant chose for itself, or the defaults."""
        return await to_thread(self._sync.config)

    async def configure(self, config: TenantConfig) -> None:
        """Chooses how the tenant fades, keeps, and limits what it holds; kept in the file. Needs "admin" access.

        Raises:
            InvalidInputError: A number is out of its range."""
        return await to_thread(self._sync.configure, config)

    async def confirm(self, id: str) -> Assertion:
        """Confirms a claim: its evidence grows as if a person had said that it is so.

        Raises:
            NotFoundError: There is no such record.
            ConflictError: It was taken back (`atom.retracted`)."""
        return await to_thread(self._sync.confirm, id)

    async def conflicts(self, *, settled: bool = False) -> builtins.list[Conflict]:
        """Conflicts between claims that nothing decides; with `settled`, those that were decided, too."""
        return await to_thread(self._sync.conflicts, settled=settled)

    async def context(
        self,
        text: str,
        budget_tokens: int,
        *,
        vector: VectorLike | None = None,
        limit: int | None = None,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        neighbours: int | None = None,
    ) -> Context:
        """What a model is to be told before it answers: the best hits with what was said around them, in order of time, packed
        into a budget of tokens, with a citation for each.

        Args:
            text: The question.
            budget_tokens: At least 1; counted by the store's token counter, else estimated at four bytes a token.
            neighbours: Turns that are shown on each side of a hit, 0 to 5; 1 unless given.
            vector, limit, filter, where, valid_at, as_of: As in `search`."""
        return await to_thread(
            self._sync.context,
            text,
            budget_tokens,
            vector=vector,
            limit=limit,
            filter=filter,
            where=where,
            valid_at=valid_at,
            as_of=as_of,
            neighbours=neighbours,
        )

    async def decay_report(self) -> DecayReport:
        """How much is left of the current atoms, by kind and standing."""
        return await to_thread(self._sync.decay_report)

    async def decay_schedule(self, id: str) -> builtins.list[Crossing]:
        """When an atom crosses 0.9, 0.75, 0.5, 0.25 and 0.1 of what it was, if it is not used; nothing
        for an episode.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.decay_schedule, id)

    async def define_predicate(self, predicate: Predicate) -> Effect:
        """Defines a predicate, or defines it anew; what is known under it is judged again. Needs "admin" access.

        Raises:
            InvalidInputError: It contradicts itself or another (`predicate.contradicts`), or a part cannot be taken."""
        return await to_thread(self._sync.define_predicate, predicate)

    async def delete(self, id: str) -> Effect:
        """Deletes a record: an episode with the claims that it alone supported. It is gone from everywhere, history too.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.delete, id)

    async def delete_document(self, name: str) -> DocumentReceipt:
        """Deletes a document: each of its passages, with what it alone supported.

        Raises:
            NotFoundError: There is no document of this name (`document.not_found`)."""
        return await to_thread(self._sync.delete_document, name)

    async def document(self, name: str) -> builtins.list[Episode]:
        """The passages of a document, in its order.

        Raises:
            NotFoundError: There is no document of this name (`document.not_found`)."""
        return await to_thread(self._sync.document, name)

    def dry_run(self) -> AsyncTenant:
        """This handle for trying out: what is written through it is decided as it would be, and nothing is changed."""
        return AsyncTenant(self._sync.dry_run())

    async def entity(self, name: str) -> builtins.list[str]:
        """All names of an entity, the main one first."""
        return await to_thread(self._sync.entity, name)

    async def explain(self, id: str) -> Explanation:
        """Why a claim stands as it does: what was said for and against it, and by which rule it was decided.

        Raises:
            NotFoundError: There is no such record.
            InvalidInputError: It is an episode (`record.sort`)."""
        return await to_thread(self._sync.explain, id)

    async def explain_missing(
        self,
        id: str,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
    ) -> Absence:
        """Why a record is not among the hits of a question, or where it is.

        Args:
            id: The record."""
        return await to_thread(
            self._sync.explain_missing,
            id,
            text,
            vector=vector,
            limit=limit,
            filter=filter,
            where=where,
            valid_at=valid_at,
            as_of=as_of,
            weights=weights,
            order=order,
            clustered=clustered,
            diversity=diversity,
            reranked=reranked,
            deadline=deadline,
        )

    async def explain_search(
        self,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
    ) -> SearchExplanation:
        """How a question is read, what finds something for it, and its hits with all that their scores are made of."""
        return await to_thread(
            self._sync.explain_search,
            text,
            vector=vector,
            limit=limit,
            filter=filter,
            where=where,
            valid_at=valid_at,
            as_of=as_of,
            weights=weights,
            order=order,
            clustered=clustered,
            diversity=diversity,
            reranked=reranked,
            deadline=deadline,
        )

    async def facets(
        self,
        by: Iterable[Facet | Field],
        *,
        filter: Filter | None = None,
        where: Condition | None = None,
        limit: int = 100,
    ) -> builtins.list[FacetCounts]:
        """How many records have which values.

        Args:
            by: Names of facets ("role", "kind", "subject", "tag", "month", ...), or fields of metadata: `field("price")`; 16 at
                most.
            limit: Values of each at most, 1 to 1000, the most frequent first."""
        return await to_thread(self._sync.facets, by, filter=filter, where=where, limit=limit)

    async def facts(
        self,
        subject: str,
        predicate: str | None = None,
        object: str | None = None,
        *,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        historical: bool = False,
    ) -> builtins.list[Atom]:
        """What is believed of a subject, newest first.

        Args:
            subject: Any of its names.
            predicate, object: Only claims with these.
            valid_at: What held at this moment in the world.
            as_of: What was known at this moment.
            historical: Also what no longer holds."""
        return await to_thread(
            self._sync.facts,
            subject,
            predicate,
            object,
            valid_at=valid_at,
            as_of=as_of,
            historical=historical,
        )

    async def flush_uses(self) -> None:
        """Writes down the uses that were told; they are otherwise within a second."""
        return await to_thread(self._sync.flush_uses)

    async def get(
        self, id: str, *, valid_at: datetime | None = None, as_of: datetime | None = None
    ) -> Episode | Atom:
        """A record.

        Args:
            valid_at: As it held at this moment in the world.
            as_of: As it was known at this moment.

        Raises:
            NotFoundError: There is no such record, or it was not known at that moment."""
        return await to_thread(self._sync.get, id, valid_at=valid_at, as_of=as_of)

    async def history(self, id: str) -> builtins.list[Revision]:
        """The versions of a record, oldest first, each with who made it and how.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.history, id)

    @property
    def id(self) -> str:
        """The tenant's name."""
        return self._sync.id

    @property
    def is_dry_run(self) -> bool:
        """Whether this handle only tries out."""
        return self._sync.is_dry_run

    async def lease(self, name: str, ttl: timedelta | float) -> Lease:
        """Takes a lease: until it ends nobody else gets it. Its fence grows with every grant.

        Args:
            name: 1 to 256 bytes.
            ttl: How long, 1 ms to 366 days, as a timedelta or in seconds.

        Raises:
            LockedError: Somebody else holds it (`lease.held`)."""
        return await to_thread(self._sync.lease, name, ttl)

    async def list(self, filter: Filter | None = None, *, after: str | None = None, limit: int = 100) -> Page:
        """Records in the order in which they were added, a page at a time.

        Args:
            after: The `next` of the page before; the first page unless given.
            limit: 1 to 1000."""
        return await to_thread(self._sync.list, filter, after=after, limit=limit)

    async def maintain(
        self,
        *,
        records: int = 10000,
        time: timedelta | float | None = None,
        progress: ProgressFunction | None = None,
    ) -> MaintenanceReport:
        """Does what is due: dissolves what has faded, expires, archives, deletes by rule, asks pending callbacks again. In however
        many slices it is done, the same comes of it.

        Args:
            records: Records that are looked at, at most.
            time: How long it may take, as a timedelta or in seconds; a second unless given.
            progress: A function of the number of records that were looked at since it was last called."""
        return await to_thread(self._sync.maintain, records=records, time=time, progress=progress)

    async def mark_used(self, ids: Iterable[str]) -> None:
        """Tells that memories were used: as `reinforce` with "good" for each, for the records that an answer rests on.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.mark_used, ids)

    async def memory(self, id: str) -> MemoryState:
        """How well a record is remembered.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.memory, id)

    async def merge_entities(self, keep: str, gone: str) -> Effect:
        """Makes two names one: `gone` is from now on another name of `keep`.

        Raises:
            InvalidInputError: They are the same (`entity.same`)."""
        return await to_thread(self._sync.merge_entities, keep, gone)

    async def neighbors(
        self, name: str, *, valid_at: datetime | None = None, as_of: datetime | None = None
    ) -> builtins.list[Neighbor]:
        """What a name is connected with, over one claim each."""
        return await to_thread(self._sync.neighbors, name, valid_at=valid_at, as_of=as_of)

    async def path(
        self,
        start: str,
        end: str,
        *,
        hops: int = 6,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
    ) -> Connection:
        """How two entities are connected: the path over the fewest claims, and among those the surest.

        Args:
            hops: Claims at most, 1 to 6."""
        return await to_thread(self._sync.path, start, end, hops=hops, valid_at=valid_at, as_of=as_of)

    async def pending(self, *, limit: int = 100) -> builtins.list[PendingWork]:
        """What waits for a vector or for its claims, longest first.

        Args:
            limit: 1 to 1000."""
        return await to_thread(self._sync.pending, limit=limit)

    async def pin(self, id: str) -> None:
        """Keeps a record from fading, from retention rules and from expiry.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.pin, id)

    async def predicate(self, name: str) -> Predicate | None:
        """What is known of a predicate, by any of its names; None if nothing is."""
        return await to_thread(self._sync.predicate, name)

    async def process_pending(
        self, budget: int = 1000, *, progress: ProgressFunction | None = None
    ) -> PendingReport:
        """Asks the embedder and the extractor again for what waits and is due.

        Args:
            budget: Records at most, 1 to 1000.
            progress: A function of the number of records that were tried since it was last called."""
        return await to_thread(self._sync.process_pending, budget, progress=progress)

    async def profile(
        self, name: str, *, valid_at: datetime | None = None, as_of: datetime | None = None
    ) -> Profile:
        """What is known of an entity: its facts by kind, its neighbours, its conflicts, and where it is mentioned."""
        return await to_thread(self._sync.profile, name, valid_at=valid_at, as_of=as_of)

    async def prune_audit(self, before: datetime) -> int:
        """Prunes the audit of what is older than a moment. Gives how many entries. Needs "admin" access."""
        return await to_thread(self._sync.prune_audit, before)

    async def reconsolidate(self, filter: Filter, factor: float) -> int:
        """Makes the stability of the atoms that a filter accepts so many times what it is. Gives how many.

        Args:
            factor: More than 1, 10 at most."""
        return await to_thread(self._sync.reconsolidate, filter, factor)

    async def recount(self) -> Usage:
        """Counts what the tenant holds anew, from its records. Needs "admin" access."""
        return await to_thread(self._sync.recount)

    async def reembed(
        self, *, records: int | None = None, progress: ProgressFunction | None = None
    ) -> ReembedReport:
        """Gives all records vectors of the store's embedder, after it was changed; searches go on meanwhile. Needs "admin" access.

        Args:
            records: Records at most; all of them unless given. Call it again for the rest.
            progress: A function of the number of records that were looked at since it was last called."""
        return await to_thread(self._sync.reembed, records=records, progress=progress)

    async def reindex(self) -> None:
        """Makes all indexes again from the records. Needs "admin" access."""
        return await to_thread(self._sync.reindex)

    async def reinforce(self, id: str, grade: Grade = "good") -> None:
        """Tells that a memory was used, and how well it served: it lasts longer.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.reinforce, id, grade)

    async def release(self, lease: Lease) -> None:
        """Gives a lease back.

        Raises:
            ConflictError: It was released, or expired and was granted to another (`lease.lost`)."""
        return await to_thread(self._sync.release, lease)

    async def renew(self, lease: Lease, ttl: timedelta | float) -> Lease:
        """Makes a lease last longer.

        Raises:
            ConflictError: It was released, or expired and was granted to another (`lease.lost`)."""
        return await to_thread(self._sync.renew, lease, ttl)

    async def resolve(
        self,
        conflict: str,
        *,
        keep: str | None = None,
        merge: str | None = None,
        both: tuple[Iterable[str], Iterable[str]] | None = None,
        reject: bool = False,
    ) -> Effect:
        """Settles a conflict in one way.

        Args:
            conflict: Its id; see `conflicts`.
            keep: The claim that holds.
            merge: The claim that holds, and says the same as the other.
            both: Both hold, each in situations of its own: the contexts of the first and of the second.
            reject: Neither holds.

        Raises:
            NotFoundError: There is no such conflict.
            ConflictError: It is settled (`conflict.settled`).
            InvalidInputError: None or several ways, or a claim that is not of the conflict."""
        return await to_thread(self._sync.resolve, conflict, keep=keep, merge=merge, both=both, reject=reject)

    async def restore(self, id: str) -> None:
        """Takes an episode back out of the archive.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.restore, id)

    async def retention(self, *, dry_run: bool = False) -> RetentionReport:
        """Archives and deletes by the tenant's retention rules now; with `dry_run`, only counts."""
        return await to_thread(self._sync.retention, dry_run=dry_run)

    async def retract(self, id: str) -> Effect:
        """Takes a claim back: it is kept as historical, and what it had taken the place of may hold again.

        Raises:
            NotFoundError: There is no such record.
            ConflictError: It was taken back before (`atom.retracted`)."""
        return await to_thread(self._sync.retract, id)

    @property
    def scope(self) -> Scope:
        """The labels that this handle adds and narrows by."""
        return self._sync.scope

    async def search(
        self,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
    ) -> builtins.list[Hit]:
        """The records that answer a question best, best first: by its words, by its vector, and by what stands around them.

        Args:
            text: The question; words in double quotes have to be found as they are. At most 1 MiB, of which 256 terms count.
            vector: Its vector; the embedder makes one from the text unless given. A search by vector alone ranks by cosine.
            limit: 1 to 1000 hits at most.
            filter, where: What is looked at.
            valid_at, as_of: What held, or was known, at a moment.
            weights: What counts how much; `Weights()` unless given.
            order: "relevance", or the best hits by time: "newest", "oldest".
            clustered: Whether records that say the same are one hit.
            diversity: How much a hit's likeness to better hits counts against it, 0 to 1 (MMR).
            reranked: Whether the store's reranker is asked, if it has one.
            deadline: After which it fails, as a timedelta or in seconds.

        Raises:
            InvalidInputError: Neither text nor vector (`query.empty`), a vector that does not fit (`vector.*`), a number out of
                its range (`range.invalid`), no answer in time (`search.deadline`)."""
        return await to_thread(
            self._sync.search,
            text,
            vector=vector,
            limit=limit,
            filter=filter,
            where=where,
            valid_at=valid_at,
            as_of=as_of,
            weights=weights,
            order=order,
            clustered=clustered,
            diversity=diversity,
            reranked=reranked,
            deadline=deadline,
        )

    async def search_page(
        self,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
        after: str | None = None,
    ) -> SearchPage:
        """As `search`, a page at a time: the best thousand hits, `limit` a page.

        Args:
            after: The `next` of the page before; the first page unless given."""
        return await to_thread(
            self._sync.search_page,
            text,
            vector=vector,
            limit=limit,
            filter=filter,
            where=where,
            valid_at=valid_at,
            as_of=as_of,
            weights=weights,
            order=order,
            clustered=clustered,
            diversity=diversity,
            reranked=reranked,
            deadline=deadline,
            after=after,
        )

    async def stats(self) -> Stats:
        """Figures of the tenant's indexes."""
        return await to_thread(self._sync.stats)

    async def subscribe(self, capacity: int = 1024) -> AsyncSubscription:
        """The changes made from now on, as they become durable.

        Args:
            capacity: Changes that are held unread, 1 to 2^20; what comes beyond that is counted and told as `Dropped`."""
        return AsyncSubscription(await to_thread(self._sync.subscribe, capacity))

    async def take_permit(self, cost: int = 1) -> Permit:
        """Asks the tenant's rate limit whether a call of some cost may go on."""
        return await to_thread(self._sync.take_permit, cost)

    async def timeline(
        self, filter: Filter | None = None, *, after: str | None = None, limit: int = 100
    ) -> TimelinePage:
        """Records in the order in which they happened, a page at a time.

        Args:
            after: The `next` of the page before; the first page unless given.
            limit: 1 to 1000."""
        return await to_thread(self._sync.timeline, filter, after=after, limit=limit)

    async def undo(self, operation: str) -> Effect:
        """Undoes an operation: what it decided is decided as if it had not been.

        Raises:
            NotFoundError: There is no such operation.
            ConflictError: It was undone before (`operation.undone`)."""
        return await to_thread(self._sync.undo, operation)

    async def unpin(self, id: str) -> None:
        """Lets a pinned record fade again.

        Raises:
            NotFoundError: There is no such record."""
        return await to_thread(self._sync.unpin, id)

    async def update(
        self,
        id: str,
        *,
        text: str | None = None,
        vector: VectorLike | None = None,
        metadata: Mapping[str, Json] | None = None,
        importance: float | None = None,
        expires_at: datetime | None = None,
        clear: Iterable[Literal["importance", "expires_at"]] | None = None,
    ) -> Episode:
        """Changes an episode; its former version stays in its history. What is not given stays as it is.

        Args:
            clear: What is taken away: "importance", "expires_at", or both.

        Raises:
            NotFoundError: There is no such record.
            InvalidInputError: It is an atom (`record.sort`), or a value cannot be taken."""
        return await to_thread(
            self._sync.update,
            id,
            text=text,
            vector=vector,
            metadata=metadata,
            importance=importance,
            expires_at=expires_at,
            clear=clear,
        )

    async def usage(self) -> Usage:
        """What the tenant holds, and what it has done."""
        return await to_thread(self._sync.usage)

    async def weak(self, share: float = 0.5, *, limit: int = 100) -> builtins.list[Fading]:
        """The believed atoms of which less than a share is left, weakest first.

        Args:
            share: 0 to 1.
            limit: 1 to 1000."""
        return await to_thread(self._sync.weak, share, limit=limit)

    def with_access(self, access: Access) -> AsyncTenant:
        """This handle with an access level that is lower or the same.

        Raises:
            DeniedError: The level is higher: a handle cannot raise itself."""
        return AsyncTenant(self._sync.with_access(access))

    def with_actor(self, actor: str) -> AsyncTenant:
        """This handle for another actor: 1 to 256 bytes without control characters."""
        return AsyncTenant(self._sync.with_actor(actor))

    def with_scope(
        self, *, user: str | None = None, agent: str | None = None, session: str | None = None
    ) -> AsyncTenant:
        """This handle with other labels; each 1 to 256 bytes without control characters."""
        return AsyncTenant(self._sync.with_scope(user=user, agent=agent, session=session))
