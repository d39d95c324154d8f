using IncomingCalls;

namespace CallDesk.Demo;

/// <summary>Whether the desk shows a demonstration: when nothing is configured to work with, or as <c>CallDesk:Demo</c> says.</summary>
internal sealed class DemoMode(IConfiguration configuration)
{
    /// <summary>Whether there is anything real to work with.</summary>
    public bool IsConfigured { get; } =
        configuration.GetSection("GreenApi:Instances").GetChildren().Any()
        || configuration.GetSection("IncomingCalls:Webhook:Tokens").GetChildren().Any()
        || configuration.GetValue<bool>("IncomingCalls:Webhook:AllowAnonymous");

    public bool IsOn => configuration.GetValue<bool?>("CallDesk:Demo") ?? !IsConfigured;
}

internal static class DemoBuilderExtensions
{
    /// <summary>Adds the demonstration's gateway where it is wanted.</summary>
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
