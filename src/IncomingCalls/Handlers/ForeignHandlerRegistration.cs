using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls;

/// <summary>A handler of foreign notifications as the host registered it.</summary>
internal sealed class ForeignHandlerRegistration : IEquatable<ForeignHandlerRegistration>
{
    private readonly Type _type;

    private ForeignHandlerRegistration(Type type, Func<IServiceProvider, IForeignNotificationHandler> resolve)
    {
        _type = type;
        Resolve = resolve;
    }

    public string Name => _type.FullName ?? _type.Name;

    public Func<IServiceProvider, IForeignNotificationHandler> Resolve { get; }

    public static ForeignHandlerRegistration For<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IForeignNotificationHandler =>
        new(typeof(T), static services => services.GetRequiredService<T>());

    public bool Equals(ForeignHandlerRegistration? other) => other is not null && _type == other._type;

    public override bool Equals(object? obj) => Equals(obj as ForeignHandlerRegistration);

    public override int GetHashCode() => _type.GetHashCode();
}
