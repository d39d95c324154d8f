namespace CallDesk.Demo;

/// <summary>Whether the desk shows a demonstration: when nothing is configured to work with, or as <c>CallDesk:Demo</c> says.</summary>
internal sealed class DemoMode(IConfiguration configuration)
{
    public bool IsOn { get; } = configuration.GetValue<bool?>("CallDesk:Demo") ?? !IsConfigured(configuration);

    private static bool IsConfigured(IConfiguration configuration) =>
        configuration.GetSection("GreenApi:Instances").GetChildren().Any()
        || configuration.GetSection("IncomingCalls:Webhook:Tokens").GetChildren().Any()
        || configuration.GetValue<bool>("IncomingCalls:Webhook:AllowAnonymous");
}
