using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls;

/// <summary>A filter as the host registered it.</summary>
internal sealed class CallFilterRegistration : IEquatable<CallFilterRegistration>
{
    private readonly Type _type;
    private readonly Func<CallEventContext, CallEventDelegate, CancellationToken, ValueTask> _invoke;

    private CallFilterRegistration(Type type, Func<CallEventContext, CallEventDelegate, CancellationToken, ValueTask> invoke)
    {
        _type = type;
        _invoke = invoke;
    }

    public static CallFilterRegistration Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, ICallEventFilter =>
        new(typeof(T), static (context, next, cancellationToken) =>
            context.Services.GetRequiredService<T>().InvokeAsync(context, next, cancellationToken));

    /// <summary>Puts this filter around the rest of the way.</summary>
    public CallEventDelegate Wrap(CallEventDelegate next) => (context, cancellationToken) => _invoke(context, next, cancellationToken);

    public bool Equals(CallFilterRegistration? other) => other is not null && _type == other._type;

    public override bool Equals(object? obj) => Equals(obj as CallFilterRegistration);

    public override int GetHashCode() => _type.GetHashCode();
}
