namespace Fragments;

/// <summary>The customers of a host, in memory, because a policy runs for every notification.</summary>
internal interface ITenants
{
    TenantMode ModeOf(long idInstance);
}
