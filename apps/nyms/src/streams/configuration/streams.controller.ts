/** SSF 1.0 §7.1 and §8.1 over HTTP: metadata for anybody, the rest for the hub behind the access token. */
import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Patch, Post, Put, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { streamChange, streamCreation, streamScopes, streamStatus, verificationRequest } from '#contracts';
import type { HubEntry, StreamConfiguration, StreamStatusAnswer, TransmitterMetadata } from '#contracts';
import { zodBody, zodQuery } from '#platform';
import { PolicyStore } from '#policy';
import { CallingHub, ReceiverGuard, Scopes } from '../authorization/receiver.guard.js';
import { SetKeys } from '../notices/set-keys.js';
import { metadataOf } from './metadata.js';
import { Streams } from './streams.service.js';
import type { TransmitterSettings } from './streams.service.js';

export const TRANSMITTER = Symbol('transmitter settings');

const { manage, read } = streamScopes;
const maybeStream = z.object({ stream_id: z.string().min(1).max(64).optional() });
const oneStream = z.object({ stream_id: z.string().min(1).max(64) });

@Controller()
export class MetadataController {
  constructor(
    private readonly policies: PolicyStore,
    private readonly keys: SetKeys,
    @Inject(TRANSMITTER) private readonly settings: TransmitterSettings,
  ) {}

  @Get('.well-known/ssf-configuration')
  @Header('cache-control', 'public, max-age=300')
  metadata(): TransmitterMetadata {
    return metadataOf(this.policies.live().document.audience, this.settings.publicUrl, this.keys.algorithms);
  }
}

@Controller('v1/streams')
@UseGuards(ReceiverGuard)
@Scopes(manage)
export class StreamsController {
  constructor(private readonly streams: Streams) {}

  @Post()
  create(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(streamCreation)) body: z.output<typeof streamCreation>,
  ): Promise<StreamConfiguration> {
    return this.streams.create(hub, body);
  }

  @Get()
  @Scopes(read, manage)
  read(
    @CallingHub() hub: HubEntry,
    @Query(zodQuery(maybeStream)) { stream_id: id }: z.output<typeof maybeStream>,
  ): Promise<StreamConfiguration | StreamConfiguration[]> {
    return id === undefined ? this.streams.list(hub) : this.streams.read(hub, id);
  }

  @Patch()
  update(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(streamChange)) body: z.output<typeof streamChange>,
  ): Promise<StreamConfiguration> {
    return this.streams.change(hub, body, 'update');
  }

  @Put()
  replace(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(streamChange)) body: z.output<typeof streamChange>,
  ): Promise<StreamConfiguration> {
    return this.streams.change(hub, body, 'replace');
  }

  @Delete()
  @HttpCode(204)
  remove(@CallingHub() hub: HubEntry, @Query(zodQuery(oneStream)) { stream_id: id }: z.output<typeof oneStream>): Promise<void> {
    return this.streams.remove(hub, id);
  }

  @Get('status')
  @Scopes(read, manage)
  status(
    @CallingHub() hub: HubEntry,
    @Query(zodQuery(oneStream)) { stream_id: id }: z.output<typeof oneStream>,
  ): Promise<StreamStatusAnswer> {
    return this.streams.status(hub, id);
  }

  @Post('status')
  @HttpCode(200)
  setStatus(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(streamStatus)) body: z.output<typeof streamStatus>,
  ): Promise<StreamStatusAnswer> {
    return this.streams.setStatus(hub, body);
  }

  @Post('verification')
  @HttpCode(204)
  verify(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(verificationRequest)) { stream_id: id, state }: z.output<typeof verificationRequest>,
  ): Promise<void> {
    return this.streams.verify(hub, id, state);
  }
}
