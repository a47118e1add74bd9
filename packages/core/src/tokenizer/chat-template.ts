import { Template } from '@huggingface/jinja';
import { z } from 'zod';
import { SweeplineError, messageOf } from '../errors.js';
import type { ChatMessage } from './tokenizer.js';

const special = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const named = z.object({ name: z.string(), template: z.string() });

/** The fields of `tokenizer_config.json` for chats: the template, and the special tokens that it uses. */
export const tokenizerConfigSchema = z.looseObject({
  chat_template: z.union([z.string(), z.array(named)]).nullish(),
  bos_token: special,
  eos_token: special,
  unk_token: special,
  pad_token: special,
  sep_token: special,
  cls_token: special,
  mask_token: special,
});

export type TokenizerConfig = z.output<typeof tokenizerConfigSchema>;

const SPECIALS = [
  'bos_token',
  'eos_token',
  'unk_token',
  'pad_token',
  'sep_token',
  'cls_token',
  'mask_token',
] as const;

/** Renders the messages of a chat for a model with a Jinja template, as `apply_chat_template` of transformers does. */
export class ChatTemplate {
  private readonly specials: Readonly<Record<string, string>>;
  private readonly source: string | undefined;
  private template: Template | undefined;

  /** A separate file takes precedence over the template in the config. */
  constructor(
    config: TokenizerConfig,
    file: string | undefined,
    private readonly place: string,
  ) {
    const { chat_template: inConfig } = config;
    const ofConfig = Array.isArray(inConfig)
      ? inConfig.find(({ name }) => name === 'default')?.template
      : inConfig;
    this.source = file ?? ofConfig ?? undefined;
    this.specials = Object.fromEntries(
      SPECIALS.flatMap((name) => {
        const token = config[name];
        return token === null || token === undefined
          ? []
          : [[name, typeof token === 'string' ? token : token.content]];
      }),
    );
  }

  /** @throws {SweeplineError} TOKENIZER_INVALID without a template, or if it rejects these messages. */
  apply(messages: readonly ChatMessage[]): string {
    if (this.source === undefined) throw this.without();
    try {
      this.template ??= new Template(this.source);
      return this.template.render({
        ...this.specials,
        messages,
        tools: null,
        documents: null,
        add_generation_prompt: true,
      });
    } catch (cause) {
      throw new SweeplineError('TOKENIZER_INVALID', `its chat template: ${messageOf(cause)}`, {
        where: { file: this.place },
        cause,
      });
    }
  }

  private without(): SweeplineError {
    return new SweeplineError('TOKENIZER_INVALID', 'it has no chat template', {
      where: { file: this.place },
      hint: "Put the model's chat_template.jinja or tokenizer_config.json next to tokenizer.json, or turn off --use-chat-template",
    });
  }
}
