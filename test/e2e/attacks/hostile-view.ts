/** All that anybody outside the key holder gets to see of two pseudonyms after an attack: statuses, standings, batches, revocations. */
import type { NymtallyClient } from '#client-sdk';
import type { HubClient } from '#hub-sdk';
import type { Provider } from '../bad-input/provider.js';

export class HostileView {
  private readonly hub: HubClient;

  constructor(
    private readonly provider: Provider,
    hub: number,
  ) {
    this.hub = provider.hub(hub);
  }

  /** What was decided has been heard of by everybody. @param pseudonyms that are revoked then */
  async settle(pseudonyms: number): Promise<void> {
    await this.provider.until(async () => (await this.revoked()).length >= pseudonyms);
    await this.provider.until(async () => (await this.heardOf()) === (await this.released()).length);
  }

  async of({ people, uris }: { readonly people: readonly NymtallyClient[]; readonly uris: readonly string[] }) {
    const standings = await Promise.all(people.map(async (person) => (await person.standing()).standing));
    return {
      active: await Promise.all(uris.map((uri) => this.hub.isActive(uri))),
      standings: [...new Set(standings)],
    };
  }

  /** Accounts that were named to the registrar. */
  async released(): Promise<Buffer[]> {
    const rows = await this.provider.rows<{ suspend: Buffer[] }>('keyholder', 'SELECT suspend FROM keyholder.release_batches');
    return rows.flatMap(({ suspend }) => suspend);
  }

  async revoked(): Promise<object[]> {
    return this.provider.rows('nyms', 'SELECT uri FROM pseudonyms.pseudonyms WHERE revoked');
  }

  private async heardOf(): Promise<number> {
    return (await this.provider.rows('registrar', 'SELECT 1 FROM registrar.accounts WHERE suspended')).length;
  }
}
