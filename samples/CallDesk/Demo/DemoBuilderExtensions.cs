using IncomingCalls;

namespace CallDesk.Demo;

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
