namespace CallDesk.Status;

internal static class StatusBuilderExtensions
{
    public static void AddDeskStatus(this IServiceCollection services) => services
        .AddSingleton<DoctorReportCache>()
        .AddScoped<StatusReader>();
}
