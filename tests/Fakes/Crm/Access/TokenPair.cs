namespace IncomingCalls.Fakes.Crm;

/// <summary>What an authorization or a refresh returns.</summary>
/// <param name="AccessToken">The token of the header <c>Authorization: Bearer</c>.</param>
/// <param name="RefreshToken">The token that is exchanged for the next pair, once.</param>
/// <param name="ExpiresAt">When the access token expires.</param>
public sealed record TokenPair(string AccessToken, string RefreshToken, DateTimeOffset ExpiresAt);
