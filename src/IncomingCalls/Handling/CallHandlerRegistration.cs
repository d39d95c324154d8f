using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Handling;

/// <summary>A handler, recorder or notifier that the host has registered.</summary>
internal sealed class CallHandlerRegistration : IEquatable<CallHandlerRegistration>
{
    public CallHandlerRegistration(Type type, CallHandlerRole role, CallHandlerOptions options, CallEventDelegate invoke)
    {
        Name = string.IsNullOrWhiteSpace(options.Name) ? type.FullName ?? type.Name : options.Name;
        Type = type;
        Role = role;
        Kinds = options.Kinds?.ToHashSet();
        Directions = options.Directions?.ToHashSet() ?? [CallDirection.Incoming];
        RetryDelays = options.RetryDelays;
        Timeout = options.Timeout;
        WaitsForCallerName = options.WaitForCallerName && role != CallHandlerRole.Notifier;
        UnansweredSettleTime = role == CallHandlerRole.Notifier ? TimeSpan.Zero : options.UnansweredSettleTime;
        RateLimit = role == CallHandlerRole.Notifier ? null : options.RateLimit;
        Destination = role == CallHandlerRole.Notifier ? null : options.Destination ?? options.RateLimit?.Partition;
        MaxPause = options.MaxPause;
        Invoke = invoke;
    }

    public string Name { get; }

    public Type Type { get; }

    public CallHandlerRole Role { get; }

    public IReadOnlySet<CallEventKind>? Kinds { get; }

    public IReadOnlySet<CallDirection> Directions { get; }

    public IReadOnlyList<TimeSpan>? RetryDelays { get; }

    public TimeSpan? Timeout { get; }

    /// <summary>Whether deliveries wait for the caller's name. An alert never waits.</summary>
    public bool WaitsForCallerName { get; }

    /// <summary>How long the events of an unanswered call wait for another outcome. An alert never waits.</summary>
    public TimeSpan UnansweredSettleTime { get; }

    /// <summary>The limit of the attempts; null for none. An alert never waits.</summary>
    public CallHandlerRateLimit? RateLimit { get; }

    /// <summary>Gets the destination of an event; null for none.</summary>
    public Func<CallEvent, string?>? Destination { get; }

    /// <summary>How long a delivery waits for an unavailable destination.</summary>
    public TimeSpan MaxPause { get; }

    /// <summary>Resolves the host's class from the scope of the context and invokes it.</summary>
    public CallEventDelegate Invoke { get; }

    public static CallHandlerRegistration Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(CallHandlerOptions options)
        where T : class, ICallEventHandler =>
        new(typeof(T), CallHandlerRole.Handler, options, static (context, cancellationToken) =>
            context.Services.GetRequiredService<T>().HandleAsync(context.Event, cancellationToken));

    /// <summary>Returns whether an event is delivered to the handler.</summary>
    public bool Handles(StoredCallEvent stored) => Role switch
    {
        CallHandlerRole.Recorder => stored.Decision.Label != CallLabel.None && IsWanted(stored),
        CallHandlerRole.Notifier => stored.ConcernsAlert,
        _ => stored.Decision.Kind == CallDecisionKind.Handle && IsWanted(stored),
    };

    public bool Equals(CallHandlerRegistration? other) => other is not null && Name == other.Name && Type == other.Type && Role == other.Role;

    public override bool Equals(object? obj) => Equals(obj as CallHandlerRegistration);

    public override int GetHashCode() => HashCode.Combine(Name, Type, Role);

    /// <summary>The end of a callback has no direction, and reaches only handlers that ask for it.</summary>
    private bool IsWanted(StoredCallEvent stored) => stored.Kind == CallEventKind.CallbackClosed
        ? Kinds?.Contains(stored.Kind) == true
        : Directions.Contains(stored.Direction) && (Kinds is null || Kinds.Contains(stored.Kind));
}

/// <summary>The role of a registered handler, which decides which events are delivered to it and how it is retried.</summary>
internal enum CallHandlerRole
{
    /// <summary>An event handler: receives every handled event of its kinds.</summary>
    Handler = 0,

    /// <summary>A chat recorder: receives every handled event with a label.</summary>
    Recorder,

    /// <summary>
    /// An operator notifier: receives offers that raise an alert, and the events that end such a call. Retried until the alert expires, and
    /// never a dead letter.
    /// </summary>
    Notifier,
}
