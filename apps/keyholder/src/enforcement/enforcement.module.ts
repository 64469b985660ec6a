/** Which selectors end when: the match against standings, and frames of what is due. */
import { Module } from '@nestjs/common';
import { EnforcementController } from './enforcement.controller.js';
import { Matches } from './matches.service.js';

@Module({ controllers: [EnforcementController], providers: [Matches] })
export class EnforcementModule {}
