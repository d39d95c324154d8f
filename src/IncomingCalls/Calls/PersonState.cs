using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Calls;

namespace IncomingCalls.Inbox;

/// <summary>
/// What an inbox stores of a person: the last contact, and the calls after it. <see cref="CallTransitions"/> computes it; it is a function of the set of
/// calls, whatever the order of their arrival.
/// </summary>
[Experimental("ICEXP001")]
public sealed record PersonState
{
    /// <summary>The person.</summary>
    public required Person Person { get; init; }

    /// <summary>When the person was last spoken to, in UTC; null when that is not known. Calls up to this time need no callback.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The calls after <see cref="AnsweredAt"/>, oldest first: unanswered ones, of which the first and the newest 50 are listed, and the newest 50 attempts to call back.</summary>
    public IReadOnlyList<PersonCall> Calls { get; init; } = [];

    /// <summary>The number of unanswered calls after the first one that are no longer listed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int OmittedCalls { get; init; }

    /// <summary>When the state is removed, in UTC: 14 days after its last change.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Members that a later version has written; null when there are none. They are written again.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? UnknownMembers { get; set; }

    /// <summary>When the first call of the open callback was missed, in UTC; null when no callback is open.</summary>
    [JsonIgnore]
    public DateTimeOffset? OpenSince => Calls.FirstOrDefault(static call => !call.IsAttempt)?.At;

    /// <summary>Creates the open callback.</summary>
    /// <param name="id">The number of the person in the inbox, see <see cref="OpenCallback.Id"/>.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <returns>The callback; null when none is open, or when the state has expired.</returns>
    public OpenCallback? ToOpenCallback(long id, DateTimeOffset now) => CallbackReducer.CreateOpen(this, id, now);
}

/// <summary>A call of a <see cref="PersonState"/>.</summary>
[Experimental("ICEXP001")]
public sealed record PersonCall
{
    /// <summary>The key of the call.</summary>
    public required CallKey Call { get; init; }

    /// <summary>When the call ended, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the call is an outgoing one that the person did not answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAttempt { get; init; }
}
