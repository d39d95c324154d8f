using IncomingCalls.ClusterTests;

// The same program is the fault injector, which is started by hand, and the silos and nodes that it starts.
if (args is ["host", NodeSettings.Mode, .. var node])
{
    return await NodeHost.RunAsync(NodeSettings.Parse(node));
}

if (args is ["host", .. var settings])
{
    return await SiloHost.RunAsync(SiloSettings.Parse(settings));
}

try
{
    var reports = await new ClusterCampaign(ClusterCampaignOptions.Parse(args), TimeProvider.System, Console.WriteLine).RunAsync();
    return reports.All(report => report.Findings.Count == 0) ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
