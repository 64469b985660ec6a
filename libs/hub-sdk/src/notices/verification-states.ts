/** States of verification events that this hub has asked for: any other is answered `invalid_state` (SSF 1.0 §8.1.4.2). */
export interface VerificationStates {
  isAsked(state: string): Promise<boolean> | boolean;
}

/** For a hub of one process, which remembers the last hundred; `ask` makes a state, to be given to `StreamClient.verify`. */
export class AskedStates implements VerificationStates {
  private readonly asked = new Set<string>();

  constructor(private readonly most = 100) {}

  ask(): string {
    const state = crypto.randomUUID();
    this.asked.add(state);
    if (this.asked.size > this.most) this.asked.delete(this.asked.values().next().value as string);
    return state;
  }

  isAsked(state: string): boolean {
    return this.asked.has(state);
  }
}
