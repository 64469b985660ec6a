/**
 * Which SETs a hub has dealt with: a SET may come again, and must be answered as if it were new (RFC 8935 §2.2, RFC 8936 §2.5). What
 * has to outlive a restart belongs in the hub's own database, in the transaction that applies the notice.
 */
export interface SeenNotices {
  has(jti: string): Promise<boolean> | boolean;
  /** Dealt with; durable when it resolves. */
  add(jti: string): Promise<void> | void;
}

/** In memory, the oldest forgotten first: for hubs that may deal with a notice again after a restart. */
export class RecentNotices implements SeenNotices {
  private readonly jtis = new Set<string>();

  constructor(private readonly most = 100_000) {}

  has(jti: string): boolean {
    return this.jtis.has(jti);
  }

  add(jti: string): void {
    this.jtis.add(jti);
    if (this.jtis.size > this.most) this.jtis.delete(this.jtis.values().next().value as string);
  }
}
