/**
 * The keys of today, as the client trusts them: signed by the pinned root, of today by the client's own clock, and the only list
 * seen for that day (protocol.md §3). A service that shows one client other keys than the rest could recognise it.
 */
import { canonicalBytes, dayOf, fromBase64Url, sameBytes } from '#contracts';
import type { DayList, DayListBody } from '#contracts';
import { TicketError, verifyDayList } from '#tickets';
import { ClientProblem } from './client-problem.js';

/** How far the service's midnight may be from ours. */
const CLOCK_SKEW_MS = 10 * 60_000;

export interface TrustedDayList {
  readonly body: DayListBody;
  /** 32 bytes: signs receipts */
  readonly rootKey: Uint8Array;
}

export class DayLists {
  private current: DayList | undefined;
  private seen: DayList | undefined;

  constructor(
    private readonly options: {
      readonly rootFingerprint: string;
      readonly now: () => Date;
      readonly fetchList: () => Promise<DayList>;
      /** the last list seen, from the state */
      readonly seen: DayList | undefined;
      readonly onSeen: (list: DayList) => void;
    },
  ) {
    this.seen = options.seen;
  }

  /** Today's list; fetched when none of today is at hand. Throws ClientProblem('day-list-refused'). */
  async today(): Promise<TrustedDayList> {
    if (this.current?.body.day !== dayOf(this.options.now())) this.current = await this.checked(await this.options.fetchList());
    return { body: this.current.body, rootKey: fromBase64Url(this.current.root) };
  }

  /** The next `today()` asks the service again. */
  forget(): void {
    this.current = undefined;
  }

  private async checked(list: DayList): Promise<DayList> {
    const { rootFingerprint, now, onSeen } = this.options;
    const { day } = await verifyDayList(list, rootFingerprint).catch((error: unknown) => {
      throw error instanceof TicketError || error instanceof RangeError ? new ClientProblem('day-list-refused') : error;
    });
    const time = now().getTime();
    const nearby = [time - CLOCK_SKEW_MS, time, time + CLOCK_SKEW_MS].map((at) => dayOf(new Date(at)));
    if (!nearby.includes(day) || this.isSecondOf(day, list.body)) throw new ClientProblem('day-list-refused');
    this.seen = list;
    onSeen(list);
    return list;
  }

  private isSecondOf(day: number, body: DayListBody): boolean {
    return this.seen?.body.day === day && !sameBytes(canonicalBytes(this.seen.body), canonicalBytes(body));
  }
}
