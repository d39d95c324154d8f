namespace IncomingCalls.CrashTests;

/// <summary>Compares the notifications of the gateway with the effects of the handlers. It implements the documented guarantees and uses no code of the product.</summary>
internal static class EvidenceChecker
{
    /// <summary>Finds every violated guarantee.</summary>
    public static IReadOnlyList<Finding> Check(Evidence evidence)
    {
        var calls = ExpectedCallsOf(evidence.Sent);
        return
        [
            .. FindNotAcknowledged(evidence),
            .. CheckCalls(evidence, calls),
            .. FindUnknownCalls(evidence, calls),
            .. CheckDeadLetters(evidence),
            .. CheckQuarantine(evidence),
        ];
    }

    /// <summary>Whether every handler has handled all expected events.</summary>
    /// <param name="sent">The notifications that were sent.</param>
    /// <param name="effects">The effects of the handlers.</param>
    /// <param name="handlers">The names of the handlers; null for the event handlers alone.</param>
    public static bool IsComplete(IReadOnlyList<SentNotification> sent, IReadOnlyList<Effect> effects, IReadOnlyList<string>? handlers = null)
    {
        var ended = effects.Where(effect => !effect.IsRetried).ToLookup(effect => (effect.Call, effect.Handler));
        return ExpectedCallsOf(sent).All(call => (handlers ?? HandlerNames.All).All(handler =>
            call.Value.EventsFor(handler).Where(due => !due.IsOptional).All(due => ended[(call.Key, handler)].Any(due.Matches))));
    }

    private static Dictionary<CallKey, ExpectedCall> ExpectedCallsOf(IReadOnlyList<SentNotification> sent) => sent
        .Where(notification => notification.IdMessage is not null && notification.IsAcknowledged)
        .GroupBy(notification => new CallKey(notification.IdInstance, notification.IdMessage!))
        .ToDictionary(group => group.Key, group => new ExpectedCall(group.Select(notification => notification.Status)));

    private static IEnumerable<Finding> FindNotAcknowledged(Evidence evidence) => evidence.Sent
        .Where(notification => !notification.IsAcknowledged)
        .Select(notification => new Finding(
            FindingKind.NotAcknowledged, $"a notification of {notification.IdInstance}/{notification.IdMessage} was delivered {notification.Deliveries} times and never acknowledged"));

    private static IEnumerable<Finding> CheckCalls(Evidence evidence, Dictionary<CallKey, ExpectedCall> calls)
    {
        var effects = evidence.Effects.ToLookup(effect => (effect.Call, effect.Handler));
        var repeats = evidence.RepeatRule;
        return
            from call in calls
            from handler in evidence.Handlers
            from finding in new CallChecker(call.Key, handler, call.Value, [.. effects[(call.Key, handler)]], repeats).Check()
            select finding;
    }

    private static IEnumerable<Finding> FindUnknownCalls(Evidence evidence, Dictionary<CallKey, ExpectedCall> calls) => evidence.Effects
        .Where(effect => !calls.ContainsKey(effect.Call) || !evidence.Handlers.Contains(effect.Handler))
        .Select(effect => new Finding(FindingKind.UnexpectedEvent, $"{effect.Handler} handled {effect.EventId} of a call that was never acknowledged"));

    private static IEnumerable<Finding> CheckDeadLetters(Evidence evidence)
    {
        var rejected = evidence.Effects.Where(effect => effect.Result == EffectResult.Rejected).Select(effect => (effect.EventId, effect.Handler)).Distinct();
        return CompareDeadLetters([.. rejected], evidence.DeadLetters);
    }

    /// <summary>An unreadable notification has no id and cannot be deduplicated, so every delivery of it may be quarantined.</summary>
    private static IEnumerable<Finding> CheckQuarantine(Evidence evidence)
    {
        var unreadable = evidence.Sent.Where(notification => notification.UnreadableSha256 is not null).ToDictionary(notification => notification.UnreadableSha256!);
        foreach (var items in evidence.Quarantined.GroupBy(sha256 => sha256))
        {
            if (!unreadable.Remove(items.Key, out var notification) || items.Count() > notification.Deliveries)
            {
                yield return new(FindingKind.WrongStoredItems, $"{items.Key} is in quarantine {items.Count()} times and was delivered {notification?.Deliveries ?? 0} times");
            }
        }

        foreach (var notification in unreadable.Values.Where(notification => notification.IsAcknowledged))
        {
            yield return new(FindingKind.Lost, $"{notification.UnreadableSha256} was acknowledged and is not in quarantine");
        }
    }

    private static IEnumerable<Finding> CompareDeadLetters(List<(string EventId, string Handler)> missing, IReadOnlyList<(string EventId, string Handler)> stored)
    {
        foreach (var letter in stored)
        {
            if (!missing.Remove(letter))
            {
                yield return new(FindingKind.WrongStoredItems, $"{letter} is an unexpected dead letter");
            }
        }

        foreach (var letter in missing)
        {
            yield return new(FindingKind.WrongStoredItems, $"{letter} is missing among the dead letters");
        }
    }
}
