using System.Globalization;
using Krmx.DurableBench;

// Durable rooms beside the bare store and beside rooms that are not stored, in one run: bench/durable/run.sh.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ([_] or [_, _]))
{
    Console.Error.WriteLine("usage: Krmx.DurableBench FOLDER [POSTGRESQL-CONNECTION-STRING]");
    return 2;
}
var stores = new List<StoreKind> { StoreKind.Sqlite(args[0]) };
if (args is [_, string connection])
    stores.Add(StoreKind.PostgreSql(connection));
await Throughput.RunAsync(stores);
await StateSize.RunAsync(stores[0]);
await Waking.RunAsync(stores[0]);
return 0;
