using IncomingCalls.JournalTests;

try
{
    var findings = await new JournalCampaign(CampaignOptions.Parse(args), Console.WriteLine).RunAsync();
    return findings.Count == 0 ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
