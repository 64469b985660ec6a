/** The one table of acts that take approvals. */
import { Inject, Injectable } from '@nestjs/common';
import type { Provider } from '@nestjs/common';
import type { RequestType } from '#contracts';
import type { Act } from './act.js';
import { AccountsAct } from './accounts.act.js';
import { BreakGlassAct } from './break-glass.act.js';
import { DeletionAct } from './deletion.act.js';
import { ExpediteAct } from './expedite.act.js';
import { KeyRotationAct } from './key-rotation.act.js';
import { PeopleAct } from './people.act.js';
import { PolicyAct } from './policy.act.js';
import { PolicyShadowAct } from './policy-shadow.act.js';
import { RelatedAct } from './related.act.js';
import { RestoreAct } from './restore.act.js';
import { UndoDecisionAct } from './undo-decision.act.js';
import { UnfreezeAct } from './unfreeze.act.js';
import { WitnessesAct } from './witnesses.act.js';

const acts = [
  PeopleAct,
  PolicyAct,
  PolicyShadowAct,
  WitnessesAct,
  UnfreezeAct,
  BreakGlassAct,
  DeletionAct,
  ExpediteAct,
  RelatedAct,
  AccountsAct,
  UndoDecisionAct,
  RestoreAct,
  KeyRotationAct,
];
const ACTS = Symbol('acts');

@Injectable()
export class ActTable {
  private readonly byType: ReadonlyMap<RequestType, Act>;

  constructor(@Inject(ACTS) all: readonly Act[]) {
    this.byType = new Map(all.map((act) => [act.type, act]));
  }

  of(type: RequestType): Act | undefined {
    return this.byType.get(type);
  }
}

/** Each act takes requests of its own type only, which is what the table looks it up by. */
export const actProviders: readonly Provider[] = [
  ...acts,
  { provide: ACTS, inject: [...acts], useFactory: (...all: Act[]) => all },
  ActTable,
];
