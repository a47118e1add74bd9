import { JinjaTemplateChatWrapper, type ChatHistoryItem, type LlamaModel } from 'node-llama-cpp';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export type ChatEncoder = (messages: readonly ChatMessage[]) => readonly number[];

/** Applies the model's own chat template; undefined if it has none. */
export function createChatEncoder(model: LlamaModel): ChatEncoder | undefined {
  const template = model.fileInfo.metadata.tokenizer.chat_template;
  if (!template) return undefined;
  const wrapper = new JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer });
  return (messages) => {
    // The empty response at the end marks the turn to generate.
    const chatHistory = [...messages.map(toHistoryItem), { type: 'model' as const, response: [] }];
    return wrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer);
  };
}

function toHistoryItem({ role, content }: ChatMessage): ChatHistoryItem {
  if (role === 'assistant') return { type: 'model', response: [content] };
  return { type: role, text: content };
}
