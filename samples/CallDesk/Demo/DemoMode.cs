using IncomingCalls;

namespace CallDesk.Demo;

/// <summary>Decides whether the desk runs in demo mode: as set in <c>CallDesk:Demo</c>, otherwise if neither an instance nor a webhook token is configured.</summary>
internal sealed class DemoMode(IConfiguration configuration)
{
    /// <summary>Whether an instance or the webhook is configured.</summary>
    public bool IsConfigured { get; } =
        configuration.GetSection("GreenApi:Instances").GetChildren().Any()
        || configuration.GetSection("IncomingCalls:Webhook:Tokens").GetChildren().Any()
        || configuration.GetValue<bool>("IncomingCalls:Webhook:AllowAnonymous");

    public bool IsOn => configuration.GetValue<bool?>("CallDesk:Demo") ?? !IsConfigured;
}

internal static class DemoBuilderExtensions
{
    /// <summary>Adds the simulated gateway if demo mode is on.</summary>
    public static void AddDemo(this IIncomingCallsBuilder builder, DemoMode mode)
    {
        builder.Services.AddSingleton(mode);
        if (mode.IsOn)
        {
            builder.Services.AddSingleton<DemoGateway>();
            builder.Services.AddSingleton<IInstanceSource>(services => services.GetRequiredService<DemoGateway>());
            builder.Services.AddHostedService(services => services.GetRequiredService<DemoGateway>());
        }
    }
}
