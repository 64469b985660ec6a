/**
 * `GET /v1/day-list`: the key holder's keys of the day, the same bytes for everybody, asked for without saying who asks (protocol.md §3).
 * Kept until the day ends, and only when the pinned root key has signed it.
 */
import { Controller, Get, Inject, Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import type { DayList } from '#contracts';
import { Clock } from '#platform';
import { TicketError, verifyDayList } from '#tickets';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { KEYHOLDER_PIN } from '../keyholder/pin.js';
import type { KeyholderPin } from '../keyholder/pin.js';

@Injectable()
export class DayLists {
  private kept: DayList | undefined;
  private asking: Promise<DayList> | undefined;

  constructor(
    private readonly keyholder: KeyholderClient,
    private readonly clock: Clock,
    @Inject(KEYHOLDER_PIN) private readonly pin: KeyholderPin,
  ) {}

  /** @throws Problem service-unavailable */
  today(): Promise<DayList> {
    if (this.kept?.body.day === this.clock.today()) return Promise.resolve(this.kept);
    return (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
  }

  /** For readiness: asks now. */
  async ask(): Promise<DayList> {
    const list = await this.keyholder.dayList();
    try {
      await verifyDayList(list, this.pin.rootFingerprint);
    } catch (error) {
      if (error instanceof TicketError) throw new Problem('service-unavailable', { retryAfterMs: 10_000 });
      throw error;
    }
    return (this.kept = list);
  }
}

@Controller('v1/day-list')
export class DayListController {
  constructor(private readonly lists: DayLists) {}

  @Get()
  today(): Promise<DayList> {
    return this.lists.today();
  }
}
