/// <reference types="svelte" />
/// <reference types="vite/client" />

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

interface Window {
  readonly trustedTypes?: TrustedTypePolicyFactory
}
