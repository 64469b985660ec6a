/** What the clock brings about. */
import { Module } from '@nestjs/common';
import { HandlesModule } from '../handles/handles.module.js';
import { Upkeep } from './upkeep.service.js';

@Module({ imports: [HandlesModule], providers: [Upkeep] })
export class UpkeepModule {}
