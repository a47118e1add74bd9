type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether text for people is coloured on a stream: on terminals, unless NO_COLOR or TERM=dumb is set. FORCE_COLOR takes precedence and also
 * counts for pipes; `0` and `false` mean no colours. nx sets it for all its tasks, whatever they write to, so under nx it counts only for a
 * terminal. Sources: no-color.org, force-color.org.
 */
export function showsColours({ isTTY = false }: { readonly isTTY?: boolean }, env: Environment): boolean {
  const { NO_COLOR: none = '', FORCE_COLOR: forced = '', TERM: terminal } = env;
  if (forced === '0' || forced === 'false') return false;
  const { NX_TASK_TARGET_TARGET: ofNx = '' } = env;
  if (forced !== '' && ofNx === '') return true;
  return isTTY && none === '' && terminal !== 'dumb';
}
