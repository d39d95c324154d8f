namespace Fragments;

/// <summary>What a host knows of its customers, from memory: a policy is asked for every notification.</summary>
internal interface ITenants
{
    TenantMode ModeOf(long idInstance);
}
