namespace IncomingCalls.CrashTests;

/// <summary>A broken promise.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">What happened; no phone numbers.</param>
internal sealed record Finding(FindingKind Kind, string Text);
