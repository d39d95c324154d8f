using IncomingCalls.CrashTests;

// The same program is the killer, which is started by hand, and the host that the killer starts.
if (args is ["host", .. var settings])
{
    return await CallHost.RunAsync(HostSettings.Parse(settings));
}

try
{
    var reports = await new Campaign(CampaignOptions.Parse(args), TimeProvider.System, Console.WriteLine).RunAsync();
    return reports.All(report => report.Findings.Count == 0) ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
