type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether what people read is coloured on a stream: on terminals, if nothing speaks against it (NO_COLOR, TERM=dumb). FORCE_COLOR
 * comes before those and also counts for pipes; `0` and `false` mean no colours. nx sets it for all its tasks, whatever they write to:
 * there it counts for a terminal alone. Sources: no-color.org, force-color.org.
 */
export function showsColours({ isTTY = false }: { readonly isTTY?: boolean }, env: Environment): boolean {
  const { NO_COLOR: none = '', FORCE_COLOR: forced = '', TERM: terminal } = env;
  if (forced === '0' || forced === 'false') return false;
  const { NX_TASK_TARGET_TARGET: ofNx = '' } = env;
  if (forced !== '' && ofNx === '') return true;
  return isTTY && none === '' && terminal !== 'dumb';
}
