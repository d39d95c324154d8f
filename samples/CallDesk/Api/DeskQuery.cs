namespace CallDesk.Api;

/// <summary>Which rows of a list are wanted.</summary>
/// <param name="Since">Not those before.</param>
/// <param name="ChatId">Only this caller's.</param>
internal sealed record DeskQuery(DateTimeOffset? Since, string? ChatId);
