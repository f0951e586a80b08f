"""The view `insight_case`: one row for each case, read from the journal and the projections it is folded into.

Whoever wants to know what a figure counts reads this. Days are days in China, which has one time zone.
"""

VIEW = """
CREATE OR REPLACE VIEW insight_case AS
SELECT c.id AS case_id,
    (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
    c.area, c.org, c.type, c.category, c.channel, c.urgency,
    coalesce(v.body->'states'->c.state->>'stage', '') AS stage,
    c.open, c.opened_at, c.closed_at,
    (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_day,
    c.due_at,
    CASE WHEN c.merged_into IS NOT NULL THEN false
         WHEN v.body->'states'->c.state->>'stage' = 'report' THEN NULL
         ELSE c.open OR moves.handled_at IS NOT NULL END AS valid,
    moves.collected_by, moves.registered_at, moves.registered_by, moves.dispatched_at, moves.dispatched_by,
    moves.handled_at, moves.handled_by, moves.verified_at, moves.verified_by, moves.owners,
    c.bounces, c.reworks,
    clocks.register_on_time, clocks.dispatch_on_time, clocks.respond_on_time, clocks.handle_on_time,
    clocks.verify_on_time, clocks.case_on_time,
    coalesce(requests.granted_s, 0) AS granted_s,
    said.contacted, said.solved, said.satisfied,
    judged.solved AS judged_solved, judged.satisfied AS judged_satisfied
FROM cases_case c
JOIN cases_casetypeversion v ON v.type = c.type AND v.version = c.type_version
CROSS JOIN LATERAL (
    SELECT
        (array_agg(m.actor ORDER BY m.seq) FILTER (WHERE m.seq = 1))[1] AS collected_by,
        min(m.at) FILTER (WHERE m.became = 'register') AS registered_at,
        (array_agg(m.actor ORDER BY m.seq DESC) FILTER (WHERE m.became = 'register'))[1] AS registered_by,
        min(m.at) FILTER (WHERE m.became = 'dispatch') AS dispatched_at,
        (array_agg(m.actor ORDER BY m.seq DESC) FILTER (WHERE m.became = 'dispatch'
                          AND (m.org IS NOT NULL OR coalesce(m.was, '') NOT IN ('dispatch', 'handle'))))[1]
            AS dispatched_by,
        max(m.at) FILTER (WHERE m.was IN ('dispatch', 'handle')
                          AND m.became IN ('verify', 'evaluate', 'ended')) AS handled_at,
        (array_agg(m.actor ORDER BY m.seq DESC) FILTER (WHERE m.was IN ('dispatch', 'handle')
                          AND m.became IN ('verify', 'evaluate', 'ended')))[1] AS handled_by,
        max(m.at) FILTER (WHERE m.was = 'verify' AND m.became IN ('evaluate', 'ended')) AS verified_at,
        (array_agg(m.actor ORDER BY m.seq DESC)
            FILTER (WHERE m.was = 'verify' AND m.became IN ('evaluate', 'ended')))[1] AS verified_by,
        count(DISTINCT m.org) FILTER (WHERE m.became = 'dispatch')::int AS owners
    FROM (
        SELECT e.seq, e.at, e.actor, e.data->'set'->>'org' AS org,
            v.body->'states'->(e.data->'facts'->>'from')->>'stage' AS was,
            v.body->'states'->(e.data->'facts'->>'to')->>'stage' AS became
        FROM journal_entry e WHERE e.stream = c.id AND e.kind IN ('case.opened', 'case.moved')
    ) m
) moves
CROSS JOIN LATERAL (
    SELECT
        bool_and(k.on_time) FILTER (WHERE k.kind = 'accept') AS register_on_time,
        bool_and(k.on_time) FILTER (WHERE k.kind = 'dispatch') AS dispatch_on_time,
        bool_and(k.on_time) FILTER (WHERE k.kind = 'contact') AS respond_on_time,
        bool_and(k.on_time) FILTER (WHERE k.kind = 'handle') AS handle_on_time,
        bool_and(k.on_time) FILTER (WHERE k.kind = 'verify') AS verify_on_time,
        bool_and(k.on_time) FILTER (WHERE k.kind = 'case') AS case_on_time
    FROM (
        SELECT kind, CASE WHEN breached_at IS NOT NULL THEN false WHEN status = 'stopped' THEN true END AS on_time
        FROM cases_clock WHERE case_id = c.id
    ) k
) clocks
CROSS JOIN LATERAL (
    SELECT sum(greatest(0, extract(epoch FROM r.until - r.decided_at)))::bigint AS granted_s
    FROM cases_request r WHERE r.case_id = c.id AND r.kind = 'suspend' AND r.status = 'approved'
) requests
LEFT JOIN LATERAL (
    SELECT contacted, solved, satisfied FROM cases_rating r
    WHERE r.case_id = c.id AND r.source IN ('reporter', 'call') ORDER BY r.at DESC LIMIT 1
) said ON true
LEFT JOIN LATERAL (
    SELECT solved, satisfied FROM cases_rating r
    WHERE r.case_id = c.id AND r.source = 'third_party' ORDER BY r.at DESC LIMIT 1
) judged ON true
"""
