using System.Text.Json.Serialization;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The body of <c>POST oauth/token</c>. Documented (amoCRM): JSON; Bitrix24 has a query instead.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TokenBody(
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret,
    [property: JsonPropertyName("grant_type")] string? GrantType,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken);

/// <summary>The body of <c>POST calls</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterCallBody(string? ExternalId, string? Phone, string? Direction, bool CreateContact);

/// <summary>The body of <c>POST calls/{id}/finish</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FinishCallBody(string? Outcome, int DurationSeconds, string? Text);

/// <summary>The body of <c>PATCH calls/{id}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeCallBody(string? Text);

/// <summary>The body of <c>POST items</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OpenItemBody(string? Person, string? Text);
