/** The state while the client works on it: changed in place, saved before anything that must not be lost leaves the device. */
import type { ClientState } from './state.js';

export type SaveState = (state: ClientState) => void | Promise<void>;

export class Store {
  constructor(
    readonly state: ClientState,
    private readonly onChange: SaveState = () => undefined,
  ) {}

  /** Resolves once the app has kept the state. */
  async save(): Promise<void> {
    await this.onChange(this.state);
  }
}
