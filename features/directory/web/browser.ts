/** Why this browser cannot be somebody's device, as a refusal's code, or null when it can. */
export function unfit(agent: string, secure: boolean): 'in_app_browser' | 'insecure_page' | null {
  if (/FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|Messenger|; wv\)/.test(agent)) return 'in_app_browser'
  return secure ? null : 'insecure_page'
}

/** A name for this device that its owner will know: "Chrome · Android". */
export function deviceLabel(agent: string): string {
  const browser = /Edg/.test(agent)
    ? 'Edge'
    : /SamsungBrowser/.test(agent)
      ? 'Samsung Internet'
      : /Firefox/.test(agent)
        ? 'Firefox'
        : /Chrom/.test(agent)
          ? 'Chrome'
          : 'Safari'
  const system = /Android/.test(agent)
    ? 'Android'
    : /iPhone|iPad/.test(agent)
      ? 'iOS'
      : /Windows/.test(agent)
        ? 'Windows'
        : /Mac OS/.test(agent)
          ? 'macOS'
          : 'Linux'
  return `${browser} · ${system}`
}
