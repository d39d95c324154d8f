namespace IncomingCalls.ClusterTests.Tests.Running;

/// <summary>Campaigns run one after the other: beside another one, a silo gets too little time and is declared dead.</summary>
[CollectionDefinition(Name)]
public sealed class CampaignCollectionDefinition
{
    public const string Name = "Campaigns";
}
