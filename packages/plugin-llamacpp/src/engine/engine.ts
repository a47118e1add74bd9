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
  /** Context tokens, shared by all slots; 0 takes the model's training length. */
  readonly contextSize: number;
  /** The most tokens evaluated in one step. */
  readonly batchSize: number;
  readonly threads: number;
  /** Receives llama.cpp's own error messages. */
  readonly log: (message: string) => void;
}

export interface Engine {
  readonly scheduler: Scheduler;
  /** The engine's actual settings, under the names of the flags. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Context tokens per slot: prompt and completion together. */
  readonly slotContext: number;
  readonly vocabularySize: number;
  /** Token ids of a text, with the BOS token if the model wants one. */
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

/** The type of most weights, with node-llama-cpp's name. */
function fileType(model: LlamaModel): { readonly 'file-type'?: string } {
  const type = model.fileInfo.metadata.general.file_type;
  const name = type === undefined ? undefined : GgufFileType[type];
  return name === undefined ? {} : { 'file-type': name };
}

/** llama-server divides the context among its slots; none gets more than the model was trained for. */
function slotContextSize({ contextSize, parallel }: EngineOptions, trained: number): number {
  return Math.min(Math.floor((contextSize || trained) / parallel), trained);
}

function encode(model: LlamaModel, text: string): readonly number[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  const tokens = model.tokenize(text);
  return shouldPrependBosToken && bos !== null ? [bos, ...tokens] : tokens;
}
