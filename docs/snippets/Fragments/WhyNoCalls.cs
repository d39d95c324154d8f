using IncomingCalls;
using Microsoft.AspNetCore.Builder;

namespace Fragments;

internal static class WhyNoCalls
{
    public static void InAHost(WebApplication app)
    {
        #region host
        app.MapGet("/admin/doctor", async (CallDoctor doctor, ICallInstances instances, CancellationToken cancellationToken) =>
        {
            var reports = await doctor.ExamineAllAsync(instances.Current, cancellationToken: cancellationToken);
            return string.Join('\n', reports.SelectMany(report => report.Findings, (report, finding) => $"{report.IdInstance} {finding}"));
        }).RequireAuthorization();
        #endregion
    }

    #region alone
    public static async Task<bool> ExamineAsync(CallInstance instance)
    {
        using var client = GreenApiClient.Create();
        var report = await new CallDoctor(client).ExamineAsync(instance, new()
        {
            WebhookUrl = new("https://calls.example.com/webhooks/green-api"),
            WebhookToken = Environment.GetEnvironmentVariable("WEBHOOK_TOKEN"),
        });
        foreach (var finding in report.Findings)
        {
            Console.WriteLine(finding);
        }

        return report.Severity < DoctorSeverity.Error;
    }
    #endregion

    #region ensure
    public static async Task SetUpAsync(GreenApiClient client, CallInstance instance)
    {
        var result = await client.EnsureCallNotificationsAsync(instance, new()
        {
            WebhookUrl = "https://calls.example.com/webhooks/green-api",
            WebhookUrlToken = Environment.GetEnvironmentVariable("WEBHOOK_TOKEN"),
        });
        // "All settings are as wanted.", or for example "Written: incomingCallWebhook. The instance restarts."
        Console.WriteLine(result);
    }
    #endregion
}
