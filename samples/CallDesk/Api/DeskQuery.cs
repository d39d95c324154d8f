namespace CallDesk.Api;

/// <summary>Which rows of a list are wanted.</summary>
/// <param name="Since">Not those before.</param>
/// <param name="CallerOf">Only those of whoever made this call: servers log addresses, and a chat id is a phone number.</param>
internal sealed record DeskQuery(DateTimeOffset? Since, string? CallerOf);
