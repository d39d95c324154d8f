namespace Fragments;

internal enum TenantMode
{
    Silent,
    ArchiveOnly,
    Support,
    Everyday,
}
