import type { LlamaModel, Token } from 'node-llama-cpp';
import { GgufFileType, getModuleVersion } from 'node-llama-cpp';
import { createChatEncoder, type ChatEncoder } from './chat.js';
import { openLlama } from './llama.js';
import { createLlamaSlot } from './llama-slot.js';
import { Scheduler } from './scheduler.js';
import type { Detokenize } from './text.js';

export interface EngineOptions {
  /** Path of a GGUF file. */
  readonly modelPath: string;
  /** Slots: requests evaluated together. */
  readonly parallel: number;
  /** Context tokens over all slots; 0 takes the model's training length. */
  readonly contextSize: number;
  /** Tokens evaluated in one step at most. */
  readonly batchSize: number;
  readonly threads: number;
  /** Takes llama.cpp's own error messages. */
  readonly log: (message: string) => void;
}

export interface Engine {
  readonly scheduler: Scheduler;
  /** Settings as the engine runs with them, under the names of the flags. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Context tokens of a slot: prompt and completion together. */
  readonly slotContext: number;
  readonly vocabularySize: number;
  /** Token ids of a text, with the BOS token where the model wants one. */
  encode(text: string): readonly number[];
  /** Undefined if the model has no chat template. */
  readonly encodeChat: ChatEncoder | undefined;
  readonly detokenize: Detokenize;
}

/** Loads the model; takes milliseconds to minutes. */
export async function loadEngine(options: EngineOptions): Promise<Engine> {
  const llama = await openLlama(options.threads, options.log);
  const model = await llama.loadModel({ modelPath: options.modelPath });
  const slotContext = slotContextSize(options, model.trainContextSize);
  const context = await model.createContext({
    contextSize: slotContext,
    sequences: options.parallel,
    batchSize: options.batchSize,
    threads: options.threads,
  });
  const slots = Array.from({ length: options.parallel }, () => createLlamaSlot(context.getSequence()));
  return {
    scheduler: new Scheduler({
      slots,
      batchSize: options.batchSize,
      isEndOfGeneration: (token) => model.isEogToken(token as Token),
    }),
    settings: {
      engine: 'node-llama-cpp',
      'engine-version': await getModuleVersion(),
      'llama-cpp': llama.llamaCppRelease.release,
      threads: context.idealThreads,
      parallel: context.totalSequences,
      'ctx-size': context.contextSize * context.totalSequences,
      'ctx-per-slot': context.contextSize,
      'batch-size': context.batchSize,
      ...fileType(model),
      'model-params': model.fileInsights.totalParameters,
    },
    slotContext,
    vocabularySize: model.fileInfo.metadata.tokenizer.ggml.tokens.length,
    encode: (text) => encode(model, text),
    encodeChat: createChatEncoder(model),
    detokenize: (tokens, before) => model.detokenize([...tokens] as Token[], false, [...before] as Token[]),
  };
}

/** Type that most weights have, by node-llama-cpp's name. */
function fileType(model: LlamaModel): { readonly 'file-type'?: string } {
  const type = model.fileInfo.metadata.general.file_type;
  const name = type === undefined ? undefined : GgufFileType[type];
  return name === undefined ? {} : { 'file-type': name };
}

/** llama-server shares the context out over its slots, none being given more than the model was trained for. */
function slotContextSize({ contextSize, parallel }: EngineOptions, trained: number): number {
  return Math.min(Math.floor((contextSize || trained) / parallel), trained);
}

function encode(model: LlamaModel, text: string): readonly number[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  const tokens = model.tokenize(text);
  return shouldPrependBosToken && bos !== null ? [bos, ...tokens] : tokens;
}
