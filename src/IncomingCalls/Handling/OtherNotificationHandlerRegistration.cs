using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Handling;

/// <summary>A handler of other notifications that the host has registered.</summary>
internal sealed class OtherNotificationHandlerRegistration : IEquatable<OtherNotificationHandlerRegistration>
{
    private readonly Type _type;

    private OtherNotificationHandlerRegistration(Type type, Func<IServiceProvider, IOtherNotificationHandler> resolve)
    {
        _type = type;
        Resolve = resolve;
    }

    public string Name => _type.FullName ?? _type.Name;

    public Func<IServiceProvider, IOtherNotificationHandler> Resolve { get; }

    public static OtherNotificationHandlerRegistration Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IOtherNotificationHandler =>
        new(typeof(T), static services => services.GetRequiredService<T>());

    public bool Equals(OtherNotificationHandlerRegistration? other) => other is not null && _type == other._type;

    public override bool Equals(object? obj) => Equals(obj as OtherNotificationHandlerRegistration);

    public override int GetHashCode() => _type.GetHashCode();
}
