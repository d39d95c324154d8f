using System.Diagnostics.CodeAnalysis;
using IncomingCalls;
using IncomingCalls.Callers;
using IncomingCalls.Handling;
using IncomingCalls.Policies;
using IncomingCalls.Records;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register the host's policy, handlers, filters, name resolvers and instances. All are idempotent.</summary>
public static class IncomingCallsBuilderExtensions
{
    // The members that the container needs to construct a class of the host in a trimmed or native program.
    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicConstructors;

    /// <summary>Sets the scenario of every instance that has no scenario of its own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="scenario">The scenario.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UseScenario(this IIncomingCallsBuilder builder, CallScenario scenario)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<IncomingCallsOptions>(options => options.Scenario = scenario);
        return builder;
    }

    /// <summary>Uses a policy of the host instead of the scenarios.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UsePolicy(this IIncomingCallsBuilder builder, ICallPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(policy);
        return builder.ReplacePolicy(ServiceDescriptor.Singleton(policy));
    }

    /// <summary>Uses a policy of the host, which the container creates, instead of the scenarios.</summary>
    /// <typeparam name="T">The type of the policy; a singleton unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder UsePolicy<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder)
        where T : class, ICallPolicy
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<T>();
        return builder.ReplacePolicy(ServiceDescriptor.Singleton<ICallPolicy>(static services => services.GetRequiredService<T>()));
    }

    /// <summary>Adds a handler of call events.</summary>
    /// <typeparam name="T">The type of the handler; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name under which progress is stored; null for the full name of the type.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddHandler<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder, string? name = null)
        where T : class, ICallEventHandler =>
        builder.AddHandler<T>(options => options.Name = name);

    /// <summary>Adds a handler of call events.</summary>
    /// <typeparam name="T">The type of the handler; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the name, the kinds of events, the retry delays and the timeout of the handler.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddHandler<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder, Action<CallHandlerOptions> configure)
        where T : class, ICallEventHandler
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new CallHandlerOptions();
        configure(options);
        builder.Services.TryAddScoped<T>();
        return builder.AddRegistration(CallHandlerRegistration.Create<T>(options));
    }

    /// <summary>Adds a filter around every handler. The filter that is added first is the outermost.</summary>
    /// <typeparam name="T">The type of the filter; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddFilter<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder)
        where T : class, ICallEventFilter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<T>();
        return builder.AddRegistration(CallFilterRegistration.Create<T>());
    }

    /// <summary>Adds a handler of notifications of other types.</summary>
    /// <typeparam name="T">The type of the handler; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddOtherNotificationHandler<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder)
        where T : class, IOtherNotificationHandler
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<T>();
        return builder.AddRegistration(OtherNotificationHandlerRegistration.Create<T>());
    }

    /// <summary>Adds a recorder of chat records.</summary>
    /// <typeparam name="T">The type of the recorder; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name under which progress is stored; null for the full name of the type.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddChatRecorder<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder, string? name = null)
        where T : class, IChatRecorder =>
        builder.AddChatRecorder<T>(options => options.Name = name);

    /// <summary>Adds a recorder of chat records.</summary>
    /// <typeparam name="T">The type of the recorder; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options of the recorder. <see cref="CallHandlerOptions.WaitForCallerName"/> is true unless it is set to false.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddChatRecorder<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder, Action<CallHandlerOptions> configure)
        where T : class, IChatRecorder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new CallHandlerOptions { WaitForCallerName = true };
        configure(options);
        builder.Services.TryAddScoped<T>();
        return builder.AddRegistration(ChatRecords.CreateRegistration<T>(options));
    }

    /// <summary>Adds an operator notifier.</summary>
    /// <typeparam name="T">The type of the notifier; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name under which progress is stored; null for the full name of the type.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddOperatorNotifier<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder, string? name = null)
        where T : class, IOperatorNotifier
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<T>();
        return builder.AddRegistration(OperatorAlerts.CreateRegistration<T>(name));
    }

    /// <summary>Adds a resolver of caller names. Resolvers are used in the order of their registration, GREEN-API last.</summary>
    /// <typeparam name="T">The type of the resolver; scoped unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddCallerNames<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder)
        where T : class, ICallerNameResolver
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Services.Any(descriptor => descriptor.ServiceType == typeof(ICallerNameResolver) && !descriptor.IsKeyedService && descriptor.ImplementationType == typeof(T)))
        {
            builder.Services.TryAddScoped<T>();
            builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<ICallerNameResolver, NonDisposingCallerNameResolver<T>>());
        }

        return builder;
    }

    /// <summary>Adds a source of instances.</summary>
    /// <typeparam name="T">The type of the source; a singleton unless the host has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IIncomingCallsBuilder AddInstances<[DynamicallyAccessedMembers(Constructors)] T>(this IIncomingCallsBuilder builder)
        where T : class, IInstanceSource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<T>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IInstanceSource, T>(static services => services.GetRequiredService<T>()));
        return builder;
    }

    private static IIncomingCallsBuilder ReplacePolicy(this IIncomingCallsBuilder builder, ServiceDescriptor policy)
    {
        builder.Services.Replace(policy);
        builder.Services.TryAddSingleton<CustomPolicyMarker>();
        return builder;
    }

    private static IIncomingCallsBuilder AddRegistration<T>(this IIncomingCallsBuilder builder, T registration)
        where T : class, IEquatable<T>
    {
        // The same registration is added once. Different registrations with the same name fail the validation when the host starts.
        if (!builder.Services.Any(descriptor => registration.Equals(descriptor.ImplementationInstance as T)))
        {
            builder.Services.AddSingleton(registration);
        }

        return builder;
    }
}
