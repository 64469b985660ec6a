/**
 * Many pseudonyms, often: each is asked about once, by name, and from then on its bit is read in the provider's public list, which says
 * nothing of who looks for whom. A bit that is set is asked about once more, since a pseudonym that came back has another place.
 */
import { VALID } from '#contracts';
import type { StatusPlace } from '#contracts';
import type { StatusCheck } from '../questions/status-check.js';
import type { KeptLists } from './kept-lists.js';

export class StatusListCheck {
  private readonly places = new Map<string, StatusPlace>();

  constructor(
    private readonly status: Pick<StatusCheck, 'of'>,
    private readonly lists: Pick<KeptLists, 'statusAt'>,
  ) {}

  /** @throws StatusUnavailable, StatusListRefused */
  async isActive(uri: string): Promise<boolean> {
    const place = this.places.get(uri);
    if (place && (await this.lists.statusAt(place.uri, place.idx)) === VALID) return true;
    this.places.delete(uri);
    const { active, place: told } = await this.status.of(uri);
    if (active) this.places.set(uri, told); // what is not active has no place of its own
    return active;
  }

  /** For a pseudonym that has left. */
  forget(uri: string): void {
    this.places.delete(uri);
  }
}
