/** The one table of acts that take approvals. */
import { Injectable } from '@nestjs/common';
import type { RequestType } from '#contracts';
import type { Act } from './act.js';
import { BreakGlassAct } from './break-glass.act.js';
import { KeyRotationAct } from './key-rotation.act.js';
import { PeopleAct } from './people.act.js';
import { UnfreezeAct } from './unfreeze.act.js';
import { WitnessesAct } from './witnesses.act.js';

/** Providers, for the module. */
export const acts = [PeopleAct, WitnessesAct, UnfreezeAct, BreakGlassAct, KeyRotationAct] as const;

@Injectable()
export class ActTable {
  private readonly byType: ReadonlyMap<RequestType, Act>;

  constructor(
    people: PeopleAct,
    witnesses: WitnessesAct,
    unfreeze: UnfreezeAct,
    breakGlass: BreakGlassAct,
    keyRotation: KeyRotationAct,
  ) {
    // each takes requests of its own type only, which is what `of` looks it up by
    const all = [people, witnesses, unfreeze, breakGlass, keyRotation] as unknown as readonly Act[];
    this.byType = new Map(all.map((act) => [act.type, act]));
  }

  of(type: RequestType): Act | undefined {
    return this.byType.get(type);
  }
}
