/** Which epoch each stored SET arrived in, for the counts that ctl shows. $1 = how many of the newest epochs. */
export const arrivalsOfNewest = `
  WITH newest AS (SELECT epoch FROM tallies.manifests ORDER BY epoch DESC LIMIT $1),
  arrived AS (
    SELECT s.hub, s.uri, s.state, (SELECT min(e.epoch) FROM tallies.manifest_entries e WHERE e.hub = s.hub AND e.jti = s.jti) AS epoch
    FROM signals.sets s)`;
