using System.Globalization;
using System.Text.Json.Serialization;
using IncomingCalls.Calls;
using IncomingCalls.Cli.Output;
using IncomingCalls.Inbox;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about a call in an inbox: its notifications, and the deliveries that are pending or have failed.</summary>
internal sealed class CallLine : IOutputLine
{
    public string Type { get; } = "call";

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    /// <summary>The chat id of the caller, unmasked, because the output is for the user of the tool and not a log; null when it is not known.</summary>
    public required string? From { get; init; }

    public required CallOutcome Outcome { get; init; }

    public required DateTimeOffset FirstReceivedAt { get; init; }

    public required DateTimeOffset LastReceivedAt { get; init; }

    /// <summary>When the wait for an outcome ends; null when none is awaited.</summary>
    public required DateTimeOffset? OutcomeDueAt { get; init; }

    public required IReadOnlyList<CallFactEntry> Notifications { get; init; }

    public required IReadOnlyList<PendingDeliveryEntry> Pending { get; init; }

    public required IReadOnlyList<DeadLetterLine> DeadLetters { get; init; }

    [JsonIgnore]
    public Style Style => DeadLetters.Count > 0 ? Color.Yellow : Pending.Count > 0 ? Style.Plain : Color.Green;

    public static CallLine FromCall(StoredCall stored)
    {
        var history = stored.State.History;
        var call = CallProjection.Project(history);
        return new()
        {
            IdInstance = call.Key.IdInstance,
            CallId = call.Key.IdMessage,
            From = call.Caller.ChatId?.Value,
            Outcome = call.Outcome,
            FirstReceivedAt = history.FirstReceivedAt,
            LastReceivedAt = stored.State.TouchedAt,
            OutcomeDueAt = stored.State.OutcomeDueAt,
            Notifications = [.. history.Facts.OrderBy(fact => fact.OccurredAt).Select(CallFactEntry.FromFact)],
            Pending = [.. stored.State.PendingEvents.SelectMany(pending => pending.Deliveries, PendingDeliveryEntry.FromDelivery)],
            DeadLetters = [.. stored.DeadLetters.Select(letter => DeadLetterLine.FromDeadLetter(letter))],
        };
    }

    public string ToText(TimeProvider time) => string.Join(Environment.NewLine, Describe(time));

    private IEnumerable<string> Describe(TimeProvider time)
    {
        yield return $"call        {IdInstance}/{CallId} from {From ?? "an unknown caller"}, outcome {Outcome}";
        var (first, last) = (LocalDateTimeFormatter.Format(FirstReceivedAt, time), LocalDateTimeFormatter.Format(LastReceivedAt, time));
        yield return first == last ? $"received    {first}" : $"received    {first} to {last}";
        foreach (var notification in Notifications)
        {
            yield return $"{notification.Status ?? "no status",-11} {notification.Kind}, {LocalDateTimeFormatter.Format(notification.OccurredAt, time)}";
        }

        foreach (var delivery in Pending)
        {
            var failures = delivery.Attempts == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", after {delivery.Attempts} failed attempts. {delivery.LastError}");
            yield return $"pending     {delivery.Handler} with {delivery.Kind} is due {LocalDateTimeFormatter.Format(delivery.DueAt, time)}{failures}";
        }

        foreach (var letter in DeadLetters)
        {
            yield return $"dead letter {letter.Id}: {letter.Handler} with {letter.Kind} failed after {letter.Attempts} attempts. {letter.Error}{(letter.IsReplayRequested ? " (to be replayed)" : "")}";
        }

        if (OutcomeDueAt is { } due)
        {
            yield return $"waits       for an outcome until {LocalDateTimeFormatter.Format(due, time)}";
        }

        if (Pending.Count + DeadLetters.Count == 0 && OutcomeDueAt is null)
        {
            yield return "handled     nothing is pending, and no dead letter is stored";
        }
    }
}

/// <summary>A fact that a notification has reported of a call.</summary>
internal sealed class CallFactEntry
{
    /// <summary>The status in lower case; null for a notification without a status.</summary>
    public required string? Status { get; init; }

    public required CallEventKind Kind { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string? From { get; init; }

    public static CallFactEntry FromFact(CallFact fact) => new()
    {
        Status = fact.Key.Length == 0 ? null : fact.Key,
        Kind = fact.Kind,
        OccurredAt = fact.OccurredAt,
        From = fact.From?.Value,
    };
}

/// <summary>A delivery that is pending.</summary>
internal sealed class PendingDeliveryEntry
{
    public required string EventId { get; init; }

    public required CallEventKind Kind { get; init; }

    public required string Handler { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    public required DeliveryWait WaitsFor { get; init; }

    public required string? LastError { get; init; }

    public static PendingDeliveryEntry FromDelivery(PendingEvent pending, Delivery delivery) => new()
    {
        EventId = pending.Event.Id,
        Kind = pending.Event.Kind,
        Handler = delivery.HandlerName,
        Attempts = delivery.Attempts,
        DueAt = delivery.DueAt,
        WaitsFor = delivery.WaitsFor,
        LastError = delivery.LastError,
    };
}
