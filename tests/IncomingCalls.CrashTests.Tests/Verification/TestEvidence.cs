namespace IncomingCalls.CrashTests.Tests.Verification;

/// <summary>Evidence in which every guarantee holds: a call that rings and is answered, in two runs. Tests change it.</summary>
internal static class TestEvidence
{
    public static readonly CallKey Call = new(1101000001, "A");

    /// <summary>A call whose answer makes the failing handler fail at the first attempt.</summary>
    public static readonly CallKey FailingCall = FindCallWithResult(EffectResult.Failed);

    /// <summary>A call whose answer the failing handler rejects.</summary>
    public static readonly CallKey RejectedCall = FindCallWithResult(EffectResult.Rejected);

    public static Evidence Create(CallKey? call = null)
    {
        var key = call ?? Call;
        var effects = HandlerNames.All.SelectMany(handler => (Effect[])
        [
            .. CreateEffects(key, handler, CallEventKind.Offered, CallOutcome.None, version: 1),
            .. CreateEffects(key, handler, CallEventKind.Answered, CallOutcome.Answered, version: 258),
        ]).ToArray();
        return new()
        {
            Sent = [Sent(key, "offer"), Sent(key, "offer"), Sent(key, "pickUp")],
            Effects = effects,
            Runs = [KilledRun(1), new() { Number = 2, EndReason = "undisturbed", IsKilled = false, PendingDeliveries = new HashSet<PendingDelivery>() }],
            DeadLetters = [.. effects.Where(effect => effect.Result == EffectResult.Rejected).Select(effect => (effect.EventId, effect.Handler))],
            Quarantined = [],
        };
    }

    public static SentNotification Sent(CallKey call, string? status) =>
        new() { IdInstance = call.IdInstance, IdMessage = call.IdMessage, Status = status, IsAcknowledged = true, Deliveries = 2 };

    public static SentNotification Unreadable(string sha256) =>
        new() { IdInstance = Call.IdInstance, UnreadableSha256 = sha256, IsAcknowledged = true, Deliveries = 2 };

    public static HostRun KilledRun(int number, params PendingDelivery[] pending) =>
        new() { Number = number, EndReason = "Handled", IsKilled = true, PendingDeliveries = pending.ToHashSet() };

    /// <summary>The first effect of a handler.</summary>
    public static Effect FirstEffect(this Evidence evidence, string handler) => evidence.Effects.First(effect => effect.Handler == handler);

    /// <summary>The last effect of a handler.</summary>
    public static Effect LastEffect(this Evidence evidence, string handler) => evidence.Effects.Last(effect => effect.Handler == handler);

    public static Evidence WithoutEffect(this Evidence evidence, Effect effect) => evidence with { Effects = [.. evidence.Effects.Where(other => other != effect)] };

    /// <summary>Adds an effect at the end.</summary>
    public static Evidence WithEffect(this Evidence evidence, Effect effect) => evidence with { Effects = [.. evidence.Effects, effect] };

    public static Evidence WithReplacedEffect(this Evidence evidence, Effect effect, Effect other) =>
        evidence with { Effects = [.. evidence.Effects.Select(one => one == effect ? other : one)] };

    /// <summary>Inserts a repetition directly after an effect.</summary>
    public static Evidence WithRepeatedEffect(this Evidence evidence, Effect effect, Effect repetition) =>
        evidence with { Effects = [.. evidence.Effects.SelectMany(one => (Effect[])(one == effect ? [one, repetition] : [one]))] };

    private static IEnumerable<Effect> CreateEffects(CallKey call, string handler, CallEventKind kind, CallOutcome outcome, int version)
    {
        var eventId = $"{call}/{kind}";
        for (var attempt = 1; ; attempt++)
        {
            var result = HandlerNames.ExpectedResultOf(handler, eventId, attempt);
            yield return new()
            {
                RunNumber = kind == CallEventKind.Offered ? 1 : 2,
                WrittenAt = 0,
                EventId = eventId,
                Call = call,
                Kind = kind,
                Status = kind == CallEventKind.Offered ? "offer" : "pickup",
                Handler = handler,
                Attempt = attempt,
                Version = version,
                Outcome = outcome,
                Result = result,
            };
            if (result != EffectResult.Failed)
            {
                yield break;
            }
        }
    }

    private static CallKey FindCallWithResult(EffectResult result) => Enumerable.Range(0, 1000).Select(i => new CallKey(1101000001, $"{result}{i}"))
        .First(key => FailureProfile.ResultOf($"{key}/{CallEventKind.Offered}", 1) == EffectResult.Done && FailureProfile.ResultOf($"{key}/{CallEventKind.Answered}", 1) == result);
}
